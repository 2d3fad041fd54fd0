import type { Account } from './account.ts';

const region = 'eu-west-1';
const accountId = '111122223333';
const digest = `sha256:${'0a'.repeat(32)}`;
export const image = `${accountId}.dkr.ecr.${region}.amazonaws.com/team/web:v1`;
export const roleArn = `arn:aws:iam::${accountId}:role/ecsTaskExecutionRole`;

const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
const aclEntries = [false, true].flatMap((Egress) => [
  { RuleNumber: 100, Egress, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0' },
  { RuleNumber: 32767, Egress, Protocol: '-1', RuleAction: 'deny', CidrBlock: '0.0.0.0/0' },
]);

/** A healthy account without a way out yet: two subnets, a service on Fargate, a role, a repository with an image. */
function base(): Account {
  return {
    accountId,
    region,
    Vpc: {
      VpcId: 'vpc-0a1',
      OwnerId: accountId,
      CidrBlock: '10.0.0.0/16',
      CidrBlockAssociationSet: [{ CidrBlock: '10.0.0.0/16' }],
      DhcpOptionsId: 'dopt-0a1',
    },
    EnableDnsSupport: true,
    EnableDnsHostnames: true,
    Subnets: [
      {
        SubnetId: 'subnet-0task',
        VpcId: 'vpc-0a1',
        OwnerId: accountId,
        AvailabilityZone: 'eu-west-1a',
        CidrBlock: '10.0.1.0/24',
      },
      {
        SubnetId: 'subnet-0other',
        VpcId: 'vpc-0a1',
        OwnerId: accountId,
        AvailabilityZone: 'eu-west-1b',
        CidrBlock: '10.0.2.0/24',
      },
    ],
    RouteTables: [
      {
        RouteTableId: 'rtb-0main',
        Associations: [{ Main: true }],
        Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' }],
      },
      {
        RouteTableId: 'rtb-0task',
        Associations: [{ SubnetId: 'subnet-0task' }],
        Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' }],
      },
    ],
    NetworkAcls: [
      {
        NetworkAclId: 'acl-0task',
        Associations: [{ SubnetId: 'subnet-0task' }],
        Entries: structuredClone(aclEntries),
      },
      {
        NetworkAclId: 'acl-0other',
        Associations: [{ SubnetId: 'subnet-0other' }],
        Entries: structuredClone(aclEntries),
      },
    ],
    SecurityGroups: [
      {
        GroupId: 'sg-0task',
        GroupName: 'web',
        VpcId: 'vpc-0a1',
        IpPermissions: [],
        IpPermissionsEgress: structuredClone(everything),
      },
      {
        GroupId: 'sg-0default',
        GroupName: 'default',
        VpcId: 'vpc-0a1',
        IpPermissions: [],
        IpPermissionsEgress: structuredClone(everything),
      },
    ],
    VpcEndpoints: [],
    NatGateways: [],
    InternetGateways: [],
    DhcpOptions: [
      {
        DhcpOptionsId: 'dopt-0a1',
        DhcpConfigurations: [{ Key: 'domain-name-servers', Values: [{ Value: 'AmazonProvidedDNS' }] }],
      },
    ],
    PrefixListEntries: {},
    service: {
      serviceName: 'web',
      serviceArn: `arn:aws:ecs:${region}:${accountId}:service/prod/web`,
      desiredCount: 2,
      runningCount: 0,
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ['subnet-0task'],
          securityGroups: ['sg-0task'],
          assignPublicIp: 'DISABLED',
        },
      },
      deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY' }],
    },
    taskDefinition: {
      taskDefinitionArn: `arn:aws:ecs:${region}:${accountId}:task-definition/web:7`,
      executionRoleArn: roleArn,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      containerDefinitions: [{ name: 'web', image }],
    },
    containerInstance: null,
    instance: null,
    natInstances: [],
    role: {
      Arn: roleArn,
      RoleName: 'ecsTaskExecutionRole',
      AssumeRolePolicyDocument: encodeURIComponent(
        JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        }),
      ),
    },
    denied: {},
    repositories: { 'team/web': { repositoryArn: `arn:aws:ecr:${region}:${accountId}:repository/team/web` } },
    images: {
      'team/web': [
        {
          imageDigest: digest,
          imageTags: ['v1'],
          imageSizeInBytes: 120_000_000,
          imagePushedAt: new Date('2026-10-01T00:00:00Z'),
        },
      ],
    },
    lifecyclePolicies: {},
    repositoryPolicies: {},
    registryPolicy: null,
    pullThroughCacheRules: [],
    privateZones: {},
    dnsFirewall: {},
    registries: {},
    refused: {},
  };
}

const tableOfTask = (account: Account) => account.RouteTables[1] as Account['RouteTables'][number];

/** A task with a public IP address in a subnet that routes to an internet gateway. */
export function publicWorld(): Account {
  const account = base();
  account.InternetGateways = [
    { InternetGatewayId: 'igw-0a1', Attachments: [{ VpcId: 'vpc-0a1', State: 'available' }] },
  ];
  tableOfTask(account).Routes.push({
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: 'igw-0a1',
    State: 'active',
  });
  setNetwork(account, { assignPublicIp: 'ENABLED' });
  return account;
}

/** A task in a private subnet that routes to a NAT gateway in a public one. */
export function natWorld(): Account {
  const account = base();
  account.InternetGateways = [
    { InternetGatewayId: 'igw-0a1', Attachments: [{ VpcId: 'vpc-0a1', State: 'available' }] },
  ];
  account.Subnets.push({
    SubnetId: 'subnet-0public',
    VpcId: 'vpc-0a1',
    OwnerId: accountId,
    AvailabilityZone: 'eu-west-1a',
    CidrBlock: '10.0.9.0/24',
  });
  account.NetworkAcls.push({
    NetworkAclId: 'acl-0public',
    Associations: [{ SubnetId: 'subnet-0public' }],
    Entries: structuredClone(aclEntries),
  });
  account.RouteTables.push({
    RouteTableId: 'rtb-0public',
    Associations: [{ SubnetId: 'subnet-0public' }],
    Routes: [
      { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
      { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-0a1', State: 'active' },
    ],
  });
  account.NatGateways = [
    { NatGatewayId: 'nat-0a1', State: 'available', ConnectivityType: 'public', SubnetId: 'subnet-0public' },
  ];
  tableOfTask(account).Routes.push({
    DestinationCidrBlock: '0.0.0.0/0',
    NatGatewayId: 'nat-0a1',
    State: 'active',
  });
  return account;
}

/** The same with an EC2 instance in the place of the NAT gateway. */
export function natInstanceWorld(): Account {
  const account = natWorld();
  account.NatGateways = [];
  account.SecurityGroups.push({
    GroupId: 'sg-0nat',
    GroupName: 'nat',
    VpcId: 'vpc-0a1',
    IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/16' }] }],
    IpPermissionsEgress: structuredClone(everything),
  });
  account.natInstances = [
    {
      InstanceId: 'i-0nat',
      State: { Name: 'running' },
      NetworkInterfaces: [
        {
          NetworkInterfaceId: 'eni-0nat',
          SubnetId: 'subnet-0public',
          SourceDestCheck: false,
          Groups: [{ GroupId: 'sg-0nat' }],
          Association: { PublicIp: '203.0.113.9' },
        },
      ],
    },
  ];
  tableOfTask(account).Routes = tableOfTask(account).Routes.map((route) =>
    route['NatGatewayId']
      ? {
          DestinationCidrBlock: route['DestinationCidrBlock'],
          NetworkInterfaceId: 'eni-0nat',
          InstanceId: 'i-0nat',
          State: 'active',
        }
      : route,
  );
  return account;
}

/** A task without any way to the internet: interface endpoints for Amazon ECR, a gateway endpoint for Amazon S3. */
export function privateLinkWorld(): Account {
  const account = base();
  account.SecurityGroups.push({
    GroupId: 'sg-0endpoints',
    GroupName: 'endpoints',
    VpcId: 'vpc-0a1',
    IpPermissions: [
      { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, UserIdGroupPairs: [{ GroupId: 'sg-0task' }] },
    ],
    IpPermissionsEgress: structuredClone(everything),
  });
  const endpoint = (VpcEndpointId: string, service: string) => ({
    VpcEndpointId,
    ServiceName: `com.amazonaws.${region}.${service}`,
    VpcEndpointType: 'Interface',
    State: 'available',
    PrivateDnsEnabled: true,
    SubnetIds: ['subnet-0other'],
    Groups: [{ GroupId: 'sg-0endpoints' }],
  });
  account.VpcEndpoints = [
    endpoint('vpce-0api', 'ecr.api'),
    endpoint('vpce-0dkr', 'ecr.dkr'),
    {
      VpcEndpointId: 'vpce-0s3',
      ServiceName: `com.amazonaws.${region}.s3`,
      VpcEndpointType: 'Gateway',
      State: 'available',
      RouteTableIds: ['rtb-0task'],
    },
  ];
  tableOfTask(account).Routes.push({
    DestinationPrefixListId: 'pl-6da54004',
    GatewayId: 'vpce-0s3',
    State: 'active',
  });
  return account;
}

/** A task on an EC2 instance in the private subnet of the NAT world. */
export function ec2World(): Account {
  const account = natWorld();
  account.containerInstance = {
    containerInstanceArn: 'x',
    ec2InstanceId: 'i-0a1',
    versionInfo: { agentVersion: '1.97.0' },
  };
  account.SecurityGroups.push({
    GroupId: 'sg-0instance',
    GroupName: 'instances',
    VpcId: 'vpc-0a1',
    IpPermissions: [],
    IpPermissionsEgress: structuredClone(everything),
  });
  account.instance = {
    InstanceId: 'i-0a1',
    VpcId: 'vpc-0a1',
    SubnetId: 'subnet-0task',
    PrivateIpAddress: '10.0.1.20',
    SecurityGroups: [{ GroupId: 'sg-0instance' }],
    NetworkInterfaces: [
      {
        Attachment: { DeviceIndex: 0 },
        SubnetId: 'subnet-0task',
        PrivateIpAddress: '10.0.1.20',
        Groups: [{ GroupId: 'sg-0instance' }],
      },
    ],
    IamInstanceProfile: { Arn: `arn:aws:iam::${accountId}:instance-profile/ecsInstanceRole` },
  };
  return account;
}

/** Changes the network settings of the service. */
export function setNetwork(account: Account, change: Record<string, unknown>): void {
  const service = account.service as {
    networkConfiguration: { awsvpcConfiguration: Record<string, unknown> };
  };
  Object.assign(service.networkConfiguration.awsvpcConfiguration, change);
}

interface EventOptions {
  readonly text: string;
  readonly image?: string;
  /** On EC2 and on Fargate up to 1.3 the container carries the text. */
  readonly on?: 'fargate' | 'fargate-1.3' | 'ec2';
  readonly detail?: Record<string, unknown>;
}

/** The event that ECS sends when a task of the service has stopped. */
export function stoppedEvent({ text, image: ref = image, on = 'fargate', detail = {} }: EventOptions) {
  const taskArn = `arn:aws:ecs:${region}:${accountId}:task/prod/0123456789abcdef0123456789abcdef`;
  const byContainer = on !== 'fargate';
  return {
    version: '0',
    id: '3317b2af-7005-947d-b652-f55e762e571a',
    'detail-type': 'ECS Task State Change',
    source: 'aws.ecs',
    account: accountId,
    time: '2026-11-20T03:04:05Z',
    region,
    resources: [taskArn],
    detail: {
      taskArn,
      clusterArn: `arn:aws:ecs:${region}:${accountId}:cluster/prod`,
      group: 'service:web',
      startedBy: 'ecs-svc/1',
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      launchType: on === 'ec2' ? 'EC2' : 'FARGATE',
      ...(on === 'ec2'
        ? { containerInstanceArn: `arn:aws:ecs:${region}:${accountId}:container-instance/prod/abc` }
        : { platformVersion: on === 'fargate' ? '1.4.0' : '1.3.0' }),
      taskDefinitionArn: `arn:aws:ecs:${region}:${accountId}:task-definition/web:7`,
      stopCode: 'TaskFailedToStart',
      stoppedReason: byContainer ? 'Task failed to start' : text,
      createdAt: '2026-11-20T03:02:01.000Z',
      stoppedAt: '2026-11-20T03:04:05.000Z',
      version: 5,
      cpu: '256',
      memory: '512',
      containers: [
        {
          containerArn: 'c',
          name: 'web',
          image: ref,
          lastStatus: 'STOPPED',
          cpu: 'null',
          ...(byContainer ? { reason: text } : {}),
        },
      ],
      ...(on === 'ec2'
        ? {}
        : {
            attachments: [
              {
                id: 'a',
                type: 'eni',
                status: 'DELETED',
                details: [
                  { name: 'subnetId', value: 'subnet-0task' },
                  { name: 'networkInterfaceId', value: 'eni-0a1' },
                  { name: 'privateIPv4Address', value: '10.0.1.77' },
                ],
              },
            ],
          }),
      overrides: {
        containerOverrides: [{ name: 'web', environment: [{ name: 'PASSWORD', value: 'hunter2' }] }],
      },
      ...detail,
    },
  };
}

const host = `${accountId}.dkr.ecr.${region}.amazonaws.com`;

/** Error texts as ECS gives them. */
export const texts = {
  manifestTimeout: `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${image}: failed to do request: Head "https://${host}/v2/team/web/manifests/v1": dial tcp 52.95.115.1:443: i/o timeout`,
  manifestTimeoutAtEndpoint: `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${image}: failed to do request: Head "https://${host}/v2/team/web/manifests/v1": dial tcp 10.0.2.55:443: i/o timeout`,
  tokenTimeout: `ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. operation error ECR: GetAuthorizationToken, exceeded maximum number of attempts, 3, https response error StatusCode: 0, RequestID: , request send failed, Post "https://api.ecr.${region}.amazonaws.com/": dial tcp 52.95.115.9:443: i/o timeout`,
  tokenTimeoutAtEndpoint: `ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. operation error ECR: GetAuthorizationToken, exceeded maximum number of attempts, 3, https response error StatusCode: 0, RequestID: , request send failed, Post "https://api.ecr.${region}.amazonaws.com/": dial tcp 10.0.2.54:443: i/o timeout`,
  layerTimeout: `CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://prod-${region}-starport-layer-bucket.s3.${region}.amazonaws.com/layer": dial tcp 52.218.1.1:443: i/o timeout`,
  layerForbidden: `CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code https://prod-${region}-starport-layer-bucket.s3.${region}.amazonaws.com/layer: 403 Forbidden`,
  notFound: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`,
  forbidden: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: pulling from host ${host} failed with status code [manifests v1]: 403 Forbidden`,
  umbrella: 'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref',
  onInstance: `CannotPullContainerError: Error response from daemon: Get "https://${host}/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
  noSpace:
    'CannotPullContainerError: ref pull has been retried 1 time(s): failed to extract layer sha256:20ba: write /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs: no space left on device',
  noSuchHost: `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${image}: failed to do request: Head "https://${host}/v2/team/web/manifests/v1": dial tcp: lookup ${host} on 10.0.0.2:53: no such host`,
  cannotAssume: `ResourceInitializationError: unable to pull secrets or registry auth: ECS was unable to assume the role '${roleArn}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions`,
};
