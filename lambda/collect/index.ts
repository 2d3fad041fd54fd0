import type { FactName } from '../model/facts.ts';
import caller from './caller.ts';
import containerInstance from './container-instance.ts';
import type { Collector } from './define.ts';
import dhcpOptions from './dhcp-options.ts';
import dnsFirewallRules from './dns-firewall-rules.ts';
import ecrImages from './ecr-images.ts';
import externalImages from './external-images.ts';
import images from './images.ts';
import instance from './instance.ts';
import internetGateways from './internet-gateways.ts';
import natGateways from './nat-gateways.ts';
import natInstances from './nat-instances.ts';
import networkAcls from './network-acls.ts';
import placement from './placement.ts';
import prefixLists from './prefix-lists.ts';
import privateZones from './private-zones.ts';
import publicIp from './public-ip.ts';
import pullPermissions from './pull-permissions.ts';
import pullingRole from './pulling-role.ts';
import registryPolicy from './registry-policy.ts';
import routeTables from './route-tables.ts';
import securityGroupIds from './security-group-ids.ts';
import securityGroups from './security-groups.ts';
import service from './service.ts';
import servicePrefixLists from './service-prefix-lists.ts';
import subnets from './subnets.ts';
import taskDefinition from './task-definition.ts';
import vpc from './vpc.ts';
import vpcDns from './vpc-dns.ts';
import vpcEndpoints from './vpc-endpoints.ts';
import vpcSubnets from './vpc-subnets.ts';

/** One collector per fact; the compiler rejects a fact without one. The task itself is given. */
export const collectors: { readonly [F in Exclude<FactName, 'task'>]: Collector<F> } = {
  images,
  caller,
  taskDefinition,
  service,
  containerInstance,
  instance,
  placement,
  securityGroupIds,
  publicIp,
  subnets,
  vpc,
  vpcDns,
  dhcpOptions,
  privateZones,
  dnsFirewallRules,
  vpcSubnets,
  routeTables,
  networkAcls,
  securityGroups,
  vpcEndpoints,
  natGateways,
  natInstances,
  internetGateways,
  servicePrefixLists,
  prefixLists,
  pullingRole,
  pullPermissions,
  registryPolicy,
  ecrImages,
  externalImages,
};
