import { accountId, awsIn } from './aws.ts';
import { stoppedTaskEvent } from './event.ts';
import { tellLab } from './lab.ts';
import { must } from './must.ts';
import { limit } from './role-faults.ts';
import { corrections } from './stand-in.ts';
import { registerStoppedTask } from './stopped-task.ts';
import { executionRolePolicy, pushImage } from './workload.ts';
import { buildWorld, type World } from './world.ts';

let nat: World;
let privatelink: World;

beforeAll(async () => {
  [nat, privatelink] = await Promise.all([buildWorld('private-nat'), buildWorld('privatelink')]);
});

test('every correction says what moto does otherwise', () => {
  for (const { calls, because } of corrections) {
    expect(calls.length).toBeGreaterThan(0);
    expect(because).toMatch(/moto|remembered/);
  }
});

const routesOf = async ({ aws }: World, tableId: string) =>
  must((await aws.ec2.describeRouteTables({ RouteTableIds: [tableId] })).RouteTables?.[0]?.Routes);

test('a route to a deleted NAT gateway or a detached internet gateway is a blackhole', async () => {
  const { aws, vpcId, natTableId, taskTableId, natGatewayId, internetGatewayId } =
    await buildWorld('private-nat');
  const states = async (tableId: string) => (await routesOf(nat, tableId)).map(({ State }) => State);
  const before = [...(await states(taskTableId)), ...(await states(must(natTableId)))];

  await aws.ec2.deleteNatGateway({ NatGatewayId: must(natGatewayId) });
  await aws.ec2.detachInternetGateway({ InternetGatewayId: must(internetGatewayId), VpcId: vpcId });

  expect(before).toEqual(['active', 'active', 'active', 'active']);
  expect(await states(taskTableId)).toEqual(['active', 'blackhole']);
  expect(await states(must(natTableId))).toEqual(['active', 'blackhole']);
});

test('a gateway endpoint adds its routes to the tables it is on, and takes them away', async () => {
  const { aws, taskTableId, endpoints } = privatelink;
  const VpcEndpointId = must(endpoints['s3']);
  const targets = async () => (await routesOf(privatelink, taskTableId)).map(({ GatewayId }) => GatewayId);

  await aws.ec2.modifyVpcEndpoint({ VpcEndpointId, RemoveRouteTableIds: [taskTableId] });
  const without = await targets();
  await aws.ec2.modifyVpcEndpoint({ VpcEndpointId, AddRouteTableIds: [taskTableId] });

  expect(without).toEqual(['local']);
  expect(await targets()).toEqual(['local', VpcEndpointId]);
});

test('endpoints lose their private DNS, and deleted ones are not listed', async () => {
  const { aws, vpcId, endpoints } = await buildWorld('privatelink');
  await aws.ec2.modifyVpcEndpoint({ VpcEndpointId: must(endpoints['ecr.api']), PrivateDnsEnabled: false });
  await aws.ec2.deleteVpcEndpoints({ VpcEndpointIds: [must(endpoints['ecr.dkr'])] });

  const { VpcEndpoints = [] } = await aws.ec2.describeVpcEndpoints({
    Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
  });

  const left = VpcEndpoints.map(({ VpcEndpointId, PrivateDnsEnabled }) => [VpcEndpointId, PrivateDnsEnabled]);
  expect(left).toContainEqual([endpoints['ecr.api'], false]);
  expect(left).toContainEqual([endpoints['logs'], true]);
  expect(left.map(([id]) => id)).not.toContain(endpoints['ecr.dkr']);
});

test('subnets, NAT gateways, prefix lists and DHCP options have the fields that moto leaves out', async () => {
  const { aws, vpcId, taskSubnetId, natGatewayId } = nat;
  const { Subnets } = await aws.ec2.describeSubnets({ SubnetIds: [taskSubnetId] });
  const { NatGateways } = await aws.ec2.describeNatGateways({ NatGatewayIds: [must(natGatewayId)] });
  const { PrefixLists } = await aws.ec2.describePrefixLists({});
  const { Vpcs } = await aws.ec2.describeVpcs({ VpcIds: [vpcId] });
  const { DhcpOptions } = await aws.ec2.describeDhcpOptions({});

  const set = DhcpOptions?.find(({ DhcpOptionsId }) => DhcpOptionsId === Vpcs?.[0]?.DhcpOptionsId);
  expect(Subnets?.[0]?.BlockPublicAccessStates).toEqual({ InternetGatewayBlockMode: 'off' });
  expect(NatGateways?.[0]?.ConnectivityType).toBe('public');
  expect(PrefixLists?.find(({ PrefixListName }) => PrefixListName?.endsWith('.s3'))?.Cidrs).toContain(
    '52.216.0.0/15',
  );
  expect(JSON.stringify(set)).toContain('AmazonProvidedDNS');
});

describe('the policy simulation', () => {
  const simulate = async ({ aws, roleArn }: World, action: string, resource: string) => {
    const { EvaluationResults } = await aws.iam.simulatePrincipalPolicy({
      PolicySourceArn: roleArn,
      ActionNames: [action],
      ResourceArns: [resource],
    });
    const result = must(EvaluationResults?.[0]);
    return {
      decision: result.ResourceSpecificResults?.[0]?.EvalResourceDecision ?? result.EvalDecision,
      missing: result.ResourceSpecificResults?.[0]?.MissingContextValues ?? result.MissingContextValues,
      byBoundary: result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary,
    };
  };
  const repository = 'arn:aws:ecr:us-east-1:123456789012:repository/app';
  const put = ({ aws, name }: World, statement: object) =>
    aws.iam.putRolePolicy({
      RoleName: name,
      PolicyName: 'inline',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    });

  test('allows what a managed policy allows, and nothing else', async () => {
    expect((await simulate(nat, 'ecr:GetAuthorizationToken', '*')).decision).toBe('allowed');
    expect((await simulate(nat, 'ecr:BatchGetImage', repository)).decision).toBe('allowed');
    expect((await simulate(nat, 'ecr:DeleteRepository', repository)).decision).toBe('implicitDeny');
  });

  test('an explicit deny wins', async () => {
    const world = await buildWorld('public');
    await put(world, { Effect: 'Deny', NotAction: 'ecr:GetAuthorizationToken', Resource: '*' });

    expect((await simulate(world, 'ecr:BatchGetImage', repository)).decision).toBe('explicitDeny');
    expect((await simulate(world, 'ecr:GetAuthorizationToken', '*')).decision).toBe('allowed');
  });

  test('a boundary limits, and is named', async () => {
    const world = await buildWorld('public');
    await limit(world, ['ecr:Get*']);

    expect(await simulate(world, 'ecr:BatchGetImage', repository)).toMatchObject({
      decision: 'implicitDeny',
      byBoundary: false,
    });
    expect(await simulate(world, 'ecr:GetAuthorizationToken', '*')).toMatchObject({
      decision: 'allowed',
      byBoundary: true,
    });
  });

  test('a condition on a key that was not given does not hold, and the key is named', async () => {
    const world = await buildWorld('public');
    await world.aws.iam.detachRolePolicy({ RoleName: world.name, PolicyArn: executionRolePolicy });
    const Condition = { StringEquals: { 'aws:SourceVpce': 'vpce-1' } };
    await put(world, { Effect: 'Allow', Action: 'ecr:*', Resource: '*', Condition });

    const answer = await simulate(world, 'ecr:BatchGetImage', repository);

    expect(answer).toMatchObject({ decision: 'implicitDeny', missing: ['aws:SourceVpce'] });
  });

  test('refuses a role that does not exist', async () => {
    const gone = { ...nat, roleArn: 'arn:aws:iam::123456789012:role/gone' };

    await expect(simulate(gone, 'ecr:BatchGetImage', repository)).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });
});

test('ECR tells the status of an image and its whole size, and lists archived ones on demand only', async () => {
  const { aws, name: repositoryName } = await buildWorld('public');
  const imageDigest = await pushImage(aws, repositoryName, 'big', 3_000_000);
  const imageIds = [{ imageTag: 'big' }];
  const { imageDetails } = await aws.ecr.describeImages({ repositoryName, imageIds });
  await aws.ecr.updateImageStorageClass({
    repositoryName,
    imageId: { imageDigest },
    targetStorageClass: 'ARCHIVE',
  });
  const all = await aws.ecr.describeImages({ repositoryName, filter: { imageStatus: 'ANY' } });

  expect(imageDetails?.[0]).toMatchObject({ imageStatus: 'ACTIVE', imageSizeInBytes: 3_007_023 });
  expect(all.imageDetails?.map(({ imageStatus }) => imageStatus).toSorted()).toEqual(['ACTIVE', 'ARCHIVED']);
  await expect(aws.ecr.describeImages({ repositoryName, imageIds })).rejects.toMatchObject({
    name: 'ImageNotFoundException',
  });
});

test('ECR keeps the rules of the pull-through cache', async () => {
  const { ecr } = nat.aws;
  await ecr.createPullThroughCacheRule({ ecrRepositoryPrefix: 'quay', upstreamRegistryUrl: 'quay.io' });

  const { pullThroughCacheRules } = await ecr.describePullThroughCacheRules({});

  expect(pullThroughCacheRules).toContainEqual({
    ecrRepositoryPrefix: 'quay',
    upstreamRegistryUrl: 'quay.io',
  });
});

test('ECS shows a registered stopped task whole, and says which it does not know', async () => {
  const { aws, name } = nat;
  const { detail } = stoppedTaskEvent(nat, 'CannotPullContainerError: API error');
  const taskArn = String(detail['taskArn']);
  const gone = taskArn.replace(/.{8}$/, '00000000');
  await registerStoppedTask(detail);

  const listed = await aws.ecs.listTasks({ cluster: name, serviceName: name, desiredStatus: 'STOPPED' });
  const { tasks, failures } = await aws.ecs.describeTasks({ cluster: name, tasks: [taskArn, gone] });

  expect(listed.taskArns).toEqual([taskArn]);
  expect(tasks?.[0]).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: 'CannotPullContainerError: API error',
  });
  expect(tasks?.[0]?.stoppedAt).toBeInstanceOf(Date);
  expect(failures).toEqual([{ arn: gone, reason: 'MISSING' }]);
});

test('what a world tells of itself is seen by those who ask about it, and by nobody else', async () => {
  const { aws, vpcId, taskSubnetId, otherSubnetId, endpoints } = privatelink;
  const id = must(endpoints['ecr.dkr']);
  await tellLab({ subnetOwners: { [taskSubnetId]: '444455556666' }, endpointStates: { [id]: 'failed' } });

  const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
  const { Subnets = [] } = await aws.ec2.describeSubnets({ Filters });
  const { VpcEndpoints = [] } = await aws.ec2.describeVpcEndpoints({ Filters });
  await tellLab({ subnetOwners: { [taskSubnetId]: accountId }, endpointStates: { [id]: 'available' } });

  const owners = new Map(Subnets.map(({ SubnetId, OwnerId }) => [SubnetId, OwnerId]));
  expect([owners.get(taskSubnetId), owners.get(otherSubnetId)]).toEqual(['444455556666', accountId]);
  const states = VpcEndpoints.map(({ VpcEndpointId, State }) => [VpcEndpointId, State]);
  expect(states).toContainEqual([id, 'failed']);
  expect(states).toContainEqual([endpoints['s3'], 'available']);
});

test('ECR keeps a registry policy of the second version, and says nothing of other accounts', async () => {
  const { ecr } = awsIn('us-east-2');
  const policyText =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"ecr:*"}]}';
  await ecr.putRegistryPolicy({ policyText });

  expect((await ecr.getRegistryPolicy({})).policyText).toBe(policyText);
  await expect(
    ecr.describeImages({ registryId: '444455556666', repositoryName: 'team/app' }),
  ).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
