import { awsIn } from './aws.ts';
import { tellLab } from './lab.ts';
import { external, onMachineOfOnesOwn } from './launch-faults.ts';
import { must } from './must.ts';
import { privateZone } from './names-faults.ts';
import { everywhere, makeInterfaceEndpoint } from './network.ts';
import {
  imageMissing,
  layersTimeout,
  lookupTimeout,
  manifestDenied,
  manifestTimeout,
  manifestWithoutAddress,
  text,
  tokenTimeout,
  umbrella,
} from './texts.ts';
import type { Trap } from './trap.ts';
import { imageUri, pushImage, trust } from './workload.ts';
import { useImage, type World } from './world.ts';

const internetTexts = [...tokenTimeout('public'), ...manifestTimeout('public'), ...umbrella];
const endpointTexts = [...tokenTimeout('endpoint'), ...manifestTimeout('endpoint')];
const lookups = lookupTimeout('10.20.0.2').map((one) => ({
  ...one,
  of: (world: World) => one.of(world).replace(/: read udp .*$/, ': no such host'),
}));
const manifestLookups = lookups.filter(({ name }) => !/ResourceInit/.test(name));
const killed =
  'ResourceInitializationError: unable to pull secrets or registry auth: pull command failed: : signal: killed';
const nothing = async () => {};
const onlyFrom = (source: Record<string, string>) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 'ecr:*', Condition: { StringNotEquals: source } }],
  });

/** Names, owners and launch types that make a healthy world look broken, or that nobody can judge from here. */
export const moreTraps: readonly Trap[] = [
  {
    name: 'own DNS servers beside that of Amazon, which may forward',
    worlds: ['privatelink', 'platform-1.3.0'],
    prepare: async ({ aws, vpcId }) => {
      const { DhcpOptions } = await aws.ec2.createDhcpOptions({
        DhcpConfigurations: [{ Key: 'domain-name-servers', Values: ['10.20.0.53', 'AmazonProvidedDNS'] }],
      });
      await aws.ec2.associateDhcpOptions({
        DhcpOptionsId: must(DhcpOptions?.DhcpOptionsId),
        VpcId: vpcId,
      });
    },
    texts: [...manifestWithoutAddress, ...umbrella],
  },
  {
    name: 'own DNS servers, which may not know the registry',
    worlds: ['public', 'private-nat', 'ec2'],
    prepare: async ({ aws, vpcId }) => {
      const { DhcpOptions } = await aws.ec2.createDhcpOptions({
        DhcpConfigurations: [{ Key: 'domain-name-servers', Values: ['10.20.0.53'] }],
      });
      await aws.ec2.associateDhcpOptions({
        DhcpOptionsId: must(DhcpOptions?.DhcpOptionsId),
        VpcId: vpcId,
      });
    },
    texts: [...manifestWithoutAddress, ...umbrella],
    suspect: 'custom-dns-servers',
  },
  {
    name: 'a dual-stack name, and a route to the internet over IPv6 alone',
    worlds: ['public'],
    prepare: async (world) => {
      const { aws, taskTableId, internetGatewayId } = world;
      await aws.ec2.deleteRoute({ RouteTableId: taskTableId, DestinationCidrBlock: everywhere });
      await aws.ec2.createRoute({
        RouteTableId: taskTableId,
        DestinationIpv6CidrBlock: '::/0',
        GatewayId: must(internetGatewayId),
      });
      await useImage(world, world.image.replace(/dkr\.ecr\.([^.]+)\.amazonaws\.com/, 'dkr-ecr.$1.on.aws'));
    },
    texts: [...manifestWithoutAddress, ...umbrella],
  },
  {
    name: 'a repository that lets in only what comes through the endpoint, which it does',
    worlds: ['privatelink'],
    prepare: async ({ aws, name, vpcId, endpoints }) => {
      await aws.ecr.setRepositoryPolicy({
        repositoryName: name,
        policyText: onlyFrom({
          'aws:SourceVpc': vpcId,
          'aws:SourceVpce': must(endpoints['ecr.dkr']),
        }),
      });
    },
    texts: manifestDenied(''),
  },
  {
    name: 'a shared subnet: its owner alone sees the endpoints',
    worlds: ['privatelink', 'platform-1.3.0'],
    prepare: ({ taskSubnetId, otherSubnetId }) =>
      tellLab({ subnetOwners: { [taskSubnetId]: '444455556666', [otherSubnetId]: '444455556666' } }),
    texts: [...endpointTexts, ...manifestWithoutAddress],
  },
  {
    name: 'a shared subnet: its owner alone sees the gateways',
    worlds: ['private-nat'],
    prepare: ({ taskSubnetId, otherSubnetId }) =>
      tellLab({ subnetOwners: { [taskSubnetId]: '444455556666', [otherSubnetId]: '444455556666' } }),
    texts: internetTexts,
  },
  {
    name: 'the image is in another Region',
    worlds: ['public', 'private-nat', 'ec2'],
    prepare: async (world) => {
      const there = awsIn('eu-west-3');
      await there.ecr.createRepository({ repositoryName: world.name });
      await pushImage(there, world.name, 'v1');
      await useImage(world, world.image.replace(world.aws.region, there.region));
    },
    texts: [...manifestTimeout('public'), ...manifestWithoutAddress, ...imageMissing],
  },
  {
    name: 'the image is in another account, which shows nothing of it',
    worlds: ['public', 'ec2'],
    prepare: (world) => useImage(world, world.image.replace('123456789012', '444455556666')),
    texts: [...manifestTimeout('public'), ...umbrella, ...imageMissing],
  },
  {
    name: 'the repository of a pull-through cache is not there yet',
    worlds: ['public'],
    prepare: async (world) => {
      const ecrRepositoryPrefix = `${world.name}-quay`;
      await world.aws.ecr.createPullThroughCacheRule({ ecrRepositoryPrefix, upstreamRegistryUrl: 'quay.io' });
      await useImage(world, imageUri(world.aws, `${ecrRepositoryPrefix}/acme/app`, ':1.0'));
    },
    texts: [...tokenTimeout('public'), ...manifestTimeout('public')],
  },
  {
    name: 'a private hosted zone that has a record for every registry',
    worlds: ['private-nat', 'ec2'],
    prepare: async (world) => {
      const zone = `dkr.ecr.${world.aws.region}.amazonaws.com`;
      await privateZone(world, zone, [`*.${zone}`]);
      await privateZone(world, 'corp.example');
    },
    texts: manifestLookups,
  },
  {
    name: 'DNS Firewall lets AWS through, and blocks the rest',
    worlds: ['private-nat', 'privatelink'],
    prepare: ({ vpcId }) =>
      tellLab({
        dnsFirewall: {
          [vpcId]: [
            { Action: 'BLOCK', BlockResponse: 'NODATA', domains: ['*.bad.example.'] },
            {
              Action: 'ALLOW',
              FirewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN',
              domains: ['*.amazonaws.com.'],
            },
            { Action: 'BLOCK', BlockResponse: 'NXDOMAIN', domains: ['*.'] },
          ],
        },
      }),
    texts: lookups,
  },
  {
    name: 'DNS Firewall blocks a list that AWS keeps, and shows to nobody',
    worlds: ['public', 'ec2'],
    prepare: ({ vpcId }) =>
      tellLab({ dnsFirewall: { [vpcId]: [{ Action: 'BLOCK', BlockResponse: 'NODATA' }] } }),
    texts: lookups,
  },
  {
    name: 'FIPS names, and endpoints for them',
    worlds: ['privatelink'],
    prepare: async (world) => {
      const { aws, vpcId, endpointSubnetIds, endpointGroupId } = world;
      for (const service of ['ecr-fips.api', 'ecr-fips.dkr'])
        await makeInterfaceEndpoint(aws, vpcId, service, [...endpointSubnetIds], must(endpointGroupId));
      await useImage(world, world.image.replace('.dkr.ecr.', '.dkr.ecr-fips.'));
    },
    texts: [...manifestTimeout('endpoint'), ...manifestWithoutAddress],
  },
  {
    name: 'FIPS names, and the usual endpoint for the token: nobody knows which name is asked',
    worlds: ['privatelink'],
    prepare: async (world) => {
      const { aws, vpcId, endpointSubnetIds, endpointGroupId } = world;
      await makeInterfaceEndpoint(aws, vpcId, 'ecr-fips.dkr', [...endpointSubnetIds], must(endpointGroupId));
      await useImage(world, world.image.replace('.dkr.ecr.', '.dkr.ecr-fips.'));
    },
    texts: [...tokenTimeout('endpoint'), text('signal: killed', ['privatelink'], () => killed)],
  },
  {
    name: 'a role that trusts ECS for the tasks of one cluster, under a text that says nothing of it',
    worlds: ['public', 'privatelink'],
    prepare: async ({ aws, name, clusterArn }) => {
      const PolicyDocument = trust('ecs-tasks.amazonaws.com', { ArnLike: { 'aws:SourceArn': clusterArn } });
      await aws.iam.updateAssumeRolePolicy({ RoleName: name, PolicyDocument });
    },
    texts: umbrella,
  },
  {
    name: 'an interface endpoint for Amazon S3 in place of the gateway',
    worlds: ['privatelink'],
    prepare: async ({ aws, vpcId, endpoints, endpointSubnetIds, endpointGroupId }) => {
      await aws.ec2.deleteVpcEndpoints({ VpcEndpointIds: [must(endpoints['s3'])] });
      await makeInterfaceEndpoint(aws, vpcId, 's3', [...endpointSubnetIds], must(endpointGroupId));
    },
    texts: layersTimeout('endpoint'),
  },
  {
    name: 'VPC Block Public Access keeps tasks out, but not NAT gateways',
    worlds: ['private-nat'],
    region: 'ap-south-1',
    prepare: async ({ aws }) => {
      await aws.ec2.modifyVpcBlockPublicAccessOptions({ InternetGatewayBlockMode: 'block-ingress' });
    },
    texts: internetTexts,
  },
  {
    name: 'a registry policy that is about replication',
    worlds: ['public'],
    region: 'sa-east-1',
    prepare: async ({ aws }) => {
      const Statement = [
        {
          Sid: 'Replicate',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::444455556666:root' },
          Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'],
          Resource: '*',
        },
      ];
      await aws.ecr.putRegistryPolicy({ policyText: JSON.stringify({ Version: '2012-10-17', Statement }) });
    },
    texts: [...manifestDenied('').slice(0, 1), ...umbrella],
  },
  { name: 'China', worlds: ['private-nat'], region: 'cn-north-1', prepare: nothing, texts: internetTexts },
  { name: 'GovCloud', worlds: ['public'], region: 'us-gov-west-1', prepare: nothing, texts: internetTexts },
  {
    name: 'Managed Instances',
    worlds: ['ec2'],
    prepare: async () => ({ launchType: 'MANAGED_INSTANCES' }),
    texts: internetTexts,
  },
  {
    name: 'an instance of a capacity provider: the event names no launch type',
    worlds: ['ec2'],
    prepare: async () => ({ launchType: undefined, capacityProviderName: 'instances' }),
    texts: internetTexts,
  },
  {
    name: 'External: what is wrong in a VPC is none of its business',
    worlds: ['ec2'],
    prepare: async (world) => {
      await onMachineOfOnesOwn(world);
      await world.aws.ec2.deleteRoute({
        RouteTableId: world.taskTableId,
        DestinationCidrBlock: everywhere,
      });
      return { ...external, containerInstanceArn: null };
    },
    texts: [...tokenTimeout('public'), ...manifestTimeout('public'), ...manifestWithoutAddress],
  },
];
