import type { TaskDetail } from './event.ts';
import type { Fault } from './fault.ts';
import { tellLab } from './lab.ts';
import { must } from './must.ts';
import { everywhere, makeNatGateway, setAcl, setRules } from './network.ts';
import { detachPolicy } from './role-faults.ts';
import {
  manifestDenied,
  manifestTimeout,
  noIdentityPolicy,
  roleUnusable,
  tokenDenied,
  tokenTimeout,
} from './texts.ts';
import { registerTaskDefinition, trust } from './workload.ts';
import type { World } from './world.ts';

const managed: TaskDetail = { launchType: 'MANAGED_INSTANCES' };
/** On a machine of one's own nothing is known of a VPC. */
export const external: TaskDetail = { launchType: 'EXTERNAL', attachments: [] };

const internetTexts = [...tokenTimeout('public'), ...manifestTimeout('public')];

/** Takes a policy away from the role, as `World` names it, and says which. */
async function withoutPolicy(world: World): Promise<string> {
  await detachPolicy(world);
  return world.roleArn;
}

/** A task with an execution role on a machine that is none of EC2's. */
export async function onMachineOfOnesOwn(world: World): Promise<void> {
  await world.aws.iam.updateAssumeRolePolicy({
    RoleName: world.name,
    PolicyDocument: trust('ecs-tasks.amazonaws.com'),
  });
  world.taskDefinitionArn = await registerTaskDefinition(world.aws, {
    family: world.name,
    image: world.image,
    launchType: 'EC2',
    networkMode: 'bridge',
    executionRoleArn: world.roleArn,
  });
}

/** Faults that look otherwise by launch type, and of VPCs that somebody else owns. */
export const launchFaults: readonly Fault[] = [
  {
    name: 'Managed Instances: the table of the subnet has no default route',
    worlds: ['ec2'],
    detail: () => managed,
    break: async ({ aws, taskTableId }) => {
      await aws.ec2.deleteRoute({ RouteTableId: taskTableId, DestinationCidrBlock: everywhere });
      return taskTableId;
    },
    texts: internetTexts,
    check: 'no-route-to-registry',
  },
  {
    name: 'Managed Instances: the group of the instance is closed',
    worlds: ['ec2'],
    detail: () => managed,
    break: async ({ aws, taskGroupId }) => {
      await setRules(aws, taskGroupId, 'egress', []);
      return taskGroupId;
    },
    texts: internetTexts,
    check: 'task-security-group-closed',
  },
  {
    name: 'External: the execution role lacks ecr:BatchGetImage',
    worlds: ['ec2'],
    detail: () => ({ ...external, containerInstanceArn: null }),
    break: async (world) => {
      await onMachineOfOnesOwn(world);
      return withoutPolicy(world);
    },
    texts: [...tokenDenied(noIdentityPolicy), ...manifestDenied(noIdentityPolicy)],
    check: 'execution-role-cannot-pull',
  },
  {
    name: 'External: the execution role trusts another service',
    worlds: ['ec2'],
    detail: () => ({ ...external, containerInstanceArn: null }),
    break: async (world) => {
      await onMachineOfOnesOwn(world);
      await world.aws.iam.updateAssumeRolePolicy({
        RoleName: world.name,
        PolicyDocument: trust('ec2.amazonaws.com'),
      });
      return world.roleArn;
    },
    texts: roleUnusable,
    check: 'execution-role-not-assumable',
  },
  {
    name: 'a service that names no security group gets the default one, which is closed',
    worlds: ['public', 'private-nat'],
    break: async (world) => {
      const { aws, name, vpcId, taskSubnetId, kind } = world;
      const Filters = [
        { Name: 'vpc-id', Values: [vpcId] },
        { Name: 'group-name', Values: ['default'] },
      ];
      const { SecurityGroups } = await aws.ec2.describeSecurityGroups({ Filters });
      const groupId = must(SecurityGroups?.[0]?.GroupId);
      await setRules(aws, groupId, 'egress', []);
      const { service } = await aws.ecs.updateService({
        cluster: name,
        service: name,
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: [taskSubnetId],
            assignPublicIp: kind === 'public' ? 'ENABLED' : 'DISABLED',
          },
        },
      });
      world.deploymentId = must(service?.deployments?.[0]?.id);
      return groupId;
    },
    texts: internetTexts,
    check: 'task-security-group-closed',
  },
  {
    name: 'a shared subnet: the group of the task is closed, whatever else its owner hides',
    worlds: ['public', 'private-nat'],
    break: async ({ aws, taskSubnetId, otherSubnetId, taskGroupId }) => {
      await tellLab({
        subnetOwners: { [taskSubnetId]: '444455556666', [otherSubnetId]: '444455556666' },
      });
      await setRules(aws, taskGroupId, 'egress', []);
      return taskGroupId;
    },
    texts: tokenTimeout('public'),
    check: 'task-security-group-closed',
  },
  {
    name: 'a shared subnet: its network ACL lets nothing out, which its owner alone can change',
    worlds: ['public', 'private-nat'],
    break: async ({ aws, vpcId, taskSubnetId, otherSubnetId }) => {
      await tellLab({
        subnetOwners: { [taskSubnetId]: '444455556666', [otherSubnetId]: '444455556666' },
      });
      return setAcl(aws, vpcId, taskSubnetId, [[100, 'in', 'allow', [0, 65_535], everywhere]]);
    },
    texts: tokenTimeout('public'),
    check: 'network-acl-blocks-registry',
    fix: 'only account `444455556666`, which owns the VPC',
  },
  {
    name: 'the default route leads to a peering connection',
    worlds: ['private-nat', 'ec2'],
    break: async ({ aws, vpcId, taskTableId }) => {
      const peer = await aws.ec2.createVpc({ CidrBlock: '10.99.0.0/16' });
      const { VpcPeeringConnection } = await aws.ec2.createVpcPeeringConnection({
        VpcId: vpcId,
        PeerVpcId: must(peer.Vpc?.VpcId),
      });
      await aws.ec2.replaceRoute({
        RouteTableId: taskTableId,
        DestinationCidrBlock: everywhere,
        VpcPeeringConnectionId: must(VpcPeeringConnection?.VpcPeeringConnectionId),
      });
      return taskTableId;
    },
    texts: internetTexts,
    check: 'no-route-to-registry',
  },
  {
    name: 'a more specific route leads the registry into a NAT gateway that is gone',
    worlds: ['private-nat'],
    break: async ({ aws, taskTableId, natSubnetId }) => {
      const NatGatewayId = await makeNatGateway(aws, must(natSubnetId), 'public');
      await aws.ec2.createRoute({
        RouteTableId: taskTableId,
        DestinationCidrBlock: '44.192.0.0/10',
        NatGatewayId,
      });
      await aws.ec2.deleteNatGateway({ NatGatewayId });
      return NatGatewayId;
    },
    // The address that was dialled lies behind that route.
    texts: [...tokenTimeout('public'), ...manifestTimeout('public')],
    check: 'nat-gateway-unusable',
  },
  {
    name: 'VPC Block Public Access keeps tasks out, but not NAT gateways',
    worlds: ['public'],
    region: 'eu-north-1',
    break: async ({ aws, vpcId, taskSubnetId, internetGatewayId }) => {
      await aws.ec2.modifyVpcBlockPublicAccessOptions({ InternetGatewayBlockMode: 'block-ingress' });
      return [taskSubnetId, vpcId, must(internetGatewayId)];
    },
    texts: internetTexts,
    check: 'internet-access-blocked',
  },
];
