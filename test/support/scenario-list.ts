import type { RegistryAnswer } from '../../lambda/model/facts.ts';
import type { Account } from './account.ts';
import {
  ec2World,
  image,
  natInstanceWorld,
  natWorld,
  privateLinkWorld,
  publicWorld,
  setNetwork,
  stoppedEvent,
  texts,
} from './worlds.ts';

/** One incident: a healthy world, what broke in it, the text that ECS gave, and what must be said first. */
export interface Scenario {
  readonly name: string;
  readonly world: () => Account;
  readonly breaks?: (account: Account) => void;
  readonly event: unknown;
  /** Id of the check of the first cause; `null`: no cause, and no other problem. */
  readonly cause: string | null;
  /** The resource that stands first. */
  readonly culprit?: string;
}

const table = (account: Account, id = 'rtb-0task') =>
  account.RouteTables.find(({ RouteTableId }) => RouteTableId === id) as Account['RouteTables'][number];
const withoutDefaultRoute = (account: Account) => {
  table(account).Routes = table(account).Routes.filter(
    ({ DestinationCidrBlock }) => DestinationCidrBlock !== '0.0.0.0/0',
  );
};
const acl = (account: Account, id: string) =>
  account.NetworkAcls.find(({ NetworkAclId }) => NetworkAclId === id) as Account['NetworkAcls'][number];
const group = (account: Account, id: string) =>
  account.SecurityGroups.find(({ GroupId }) => GroupId === id) as Account['SecurityGroups'][number];
const endpoint = (account: Account, id: string) =>
  account.VpcEndpoints.find(({ VpcEndpointId }) => VpcEndpointId === id) as Record<string, unknown>;
const deny = (Egress: boolean, From: number, To: number, RuleNumber = 50) => ({
  RuleNumber,
  Egress,
  Protocol: '6',
  RuleAction: 'deny',
  CidrBlock: '0.0.0.0/0',
  PortRange: { From, To },
});
const fargate = (text: string, ref?: string) => stoppedEvent({ text, ...(ref ? { image: ref } : {}) });
const ec2 = (text: string) => stoppedEvent({ text, on: 'ec2' });
const outside = 'docker.io/acme/app:1.0';
const digest = `sha256:${'0b'.repeat(32)}`;
const onlyFor = (...platforms: string[]): RegistryAnswer => ({
  status: 'found',
  digest,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  platforms,
});
const role = 'arn:aws:iam::111122223333:role/ecsTaskExecutionRole';
const vpc = 'vpc-0a1';

const natInterface = ({ natInstances: [instance] }: Account) =>
  Array.isArray(instance?.['NetworkInterfaces']) ? instance['NetworkInterfaces'][0] : {};

const lookupTimeout = texts.tokenTimeout.replace(
  'tcp 52.95.115.9:443',
  'tcp: lookup api.ecr.eu-west-1.amazonaws.com on 10.0.9.53:53: read udp 10.0.1.23:41873->10.0.9.53:53',
);

/** Every incident that the tests replay. */
export const scenarios: readonly Scenario[] = [
  // Network, on the way to the internet
  {
    name: 'private-subnet-without-route',
    world: natWorld,
    breaks: withoutDefaultRoute,
    event: fargate(texts.tokenTimeout),
    cause: 'no-route-to-registry',
    culprit: 'rtb-0task',
  },
  {
    name: 'main-table-without-route',
    world: natWorld,
    breaks: (account) => {
      table(account).Associations = [];
    },
    event: fargate(texts.manifestTimeout),
    cause: 'no-route-to-registry',
    culprit: 'rtb-0main',
  },
  {
    name: 'nat-gateway-deleted',
    world: natWorld,
    breaks: (account) => {
      Object.assign(account.NatGateways[0] ?? {}, { State: 'deleted' });
    },
    event: fargate(texts.manifestTimeout),
    cause: 'nat-gateway-unusable',
    culprit: 'nat-0a1',
  },
  {
    name: 'nat-gateway-private',
    world: natWorld,
    breaks: (account) => {
      Object.assign(account.NatGateways[0] ?? {}, { ConnectivityType: 'private' });
    },
    event: fargate(texts.tokenTimeout),
    cause: 'nat-gateway-unusable',
    culprit: 'nat-0a1',
  },
  {
    name: 'nat-gateway-in-private-subnet',
    world: natWorld,
    breaks: (account) => {
      table(account, 'rtb-0public').Routes.pop();
    },
    event: fargate(texts.manifestTimeout),
    cause: 'nat-gateway-unusable',
    culprit: 'nat-0a1',
  },
  {
    name: 'nat-instance-stopped',
    world: natInstanceWorld,
    breaks: (account) => {
      Object.assign(account.natInstances[0] ?? {}, { State: { Name: 'stopped' } });
      for (const route of table(account).Routes) if (route['InstanceId']) route['State'] = 'blackhole';
    },
    event: fargate(texts.tokenTimeout),
    cause: 'nat-instance-unusable',
    culprit: 'i-0nat',
  },
  {
    name: 'nat-instance-checks-destinations',
    world: natInstanceWorld,
    breaks: (account) => {
      Object.assign(natInterface(account), { SourceDestCheck: true });
    },
    event: fargate(texts.manifestTimeout),
    cause: 'nat-instance-unusable',
    culprit: 'i-0nat',
  },
  {
    name: 'nat-instance-group-closed',
    world: natInstanceWorld,
    breaks: (account) => {
      group(account, 'sg-0nat').IpPermissions = [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      ];
    },
    event: fargate(texts.tokenTimeout),
    cause: 'nat-instance-unusable',
    culprit: 'sg-0nat',
  },
  {
    name: 'nat-instance-without-public-address',
    world: natInstanceWorld,
    breaks: (account) => {
      Object.assign(natInterface(account), { Association: undefined });
    },
    event: fargate(texts.tokenTimeout),
    cause: 'nat-instance-unusable',
    culprit: 'i-0nat',
  },
  {
    name: 'nat-instance-in-private-subnet',
    world: natInstanceWorld,
    breaks: (account) => {
      table(account, 'rtb-0public').Routes.pop();
    },
    event: fargate(texts.tokenTimeout),
    cause: 'nat-instance-unusable',
    culprit: 'i-0nat',
  },
  {
    name: 'internet-gateway-detached',
    world: publicWorld,
    breaks: (account) => {
      account.InternetGateways = [];
    },
    event: fargate(texts.tokenTimeout),
    cause: 'internet-gateway-detached',
    culprit: 'igw-0a1',
  },
  {
    name: 'public-subnet-without-public-ip',
    world: publicWorld,
    breaks: (account) => setNetwork(account, { assignPublicIp: 'DISABLED' }),
    event: fargate(texts.tokenTimeout),
    cause: 'public-ip-missing',
    culprit: 'subnet-0task',
  },
  {
    name: 'public-access-blocked',
    world: publicWorld,
    breaks: (account) => {
      Object.assign(account.Subnets[0] ?? {}, {
        BlockPublicAccessStates: { InternetGatewayBlockMode: 'block-ingress' },
      });
    },
    event: fargate(texts.tokenTimeout),
    cause: 'internet-access-blocked',
    culprit: 'subnet-0task',
  },
  {
    name: 'task-group-closed',
    world: natWorld,
    breaks: (account) => {
      group(account, 'sg-0task').IpPermissionsEgress = [];
    },
    event: fargate(texts.tokenTimeout),
    cause: 'task-security-group-closed',
    culprit: 'sg-0task',
  },
  {
    name: 'task-group-private-only',
    world: natWorld,
    breaks: (account) => {
      group(account, 'sg-0task').IpPermissionsEgress = [
        { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
      ];
    },
    event: fargate(texts.manifestTimeout),
    cause: 'task-security-group-closed',
    culprit: 'sg-0task',
  },
  {
    name: 'acl-denies-out',
    world: natWorld,
    breaks: (account) => {
      acl(account, 'acl-0task').Entries.push(deny(true, 443, 443));
    },
    event: fargate(texts.manifestTimeout),
    cause: 'network-acl-blocks-registry',
    culprit: 'acl-0task',
  },
  {
    name: 'acl-denies-answers',
    world: natWorld,
    breaks: (account) => {
      acl(account, 'acl-0task').Entries.push(deny(false, 1024, 65535));
    },
    event: fargate(texts.tokenTimeout),
    cause: 'network-acl-blocks-registry',
    culprit: 'acl-0task',
  },
  {
    name: 'acl-of-nat-subnet',
    world: natWorld,
    breaks: (account) => {
      acl(account, 'acl-0public').Entries.push(deny(true, 443, 443));
    },
    event: fargate(texts.tokenTimeout),
    cause: 'network-acl-blocks-registry',
    culprit: 'acl-0public',
  },
  {
    // Answers come back to the ports of the NAT gateway, and those are more than Linux has.
    name: 'acl-of-nat-subnet-in-part',
    world: natWorld,
    breaks: (account) => {
      const { Entries } = acl(account, 'acl-0public');
      Entries.push(deny(false, 1024, 32_767));
    },
    event: fargate(texts.tokenTimeout),
    cause: 'network-acl-blocks-registry',
    culprit: 'acl-0public',
  },
  {
    name: 'windows-answers-blocked',
    world: natWorld,
    breaks: (account) => {
      account.taskDefinition['runtimePlatform'] = { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' };
      acl(account, 'acl-0task').Entries.push(deny(false, 49_152, 65_535));
    },
    // The platform versions for Windows are counted for themselves: this one is no early one.
    event: stoppedEvent({ text: texts.tokenTimeout, detail: { platformVersion: '1.0.0' } }),
    cause: 'network-acl-blocks-registry',
    culprit: 'acl-0task',
  },
  {
    name: 'task-group-lets-out-to-s3-only',
    world: natWorld,
    breaks: (account) => {
      group(account, 'sg-0task').IpPermissionsEgress = [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, PrefixListIds: [{ PrefixListId: 'pl-6da54004' }] },
      ];
    },
    event: fargate('ResourceInitializationError: unable to pull secrets or registry auth'),
    cause: 'task-security-group-closed',
    culprit: 'sg-0task',
  },
  {
    name: 'healthy-endpoints-in-another-vpc',
    world: natWorld,
    breaks: (account) => {
      withoutDefaultRoute(account);
      table(account).Routes.push({
        DestinationCidrBlock: '10.0.0.0/8',
        TransitGatewayId: 'tgw-0a1',
        State: 'active',
      });
      account.privateZones = {
        'api.ecr.eu-west-1.amazonaws.com': ['api.ecr.eu-west-1.amazonaws.com'],
        'dkr.ecr.eu-west-1.amazonaws.com': ['*.dkr.ecr.eu-west-1.amazonaws.com'],
        's3.eu-west-1.amazonaws.com': ['*.s3.eu-west-1.amazonaws.com'],
      };
    },
    event: fargate(texts.umbrella),
    cause: null,
  },
  {
    name: 'healthy-endpoint-by-a-zone-of-the-users-own',
    world: privateLinkWorld,
    breaks: (account) => {
      endpoint(account, 'vpce-0api')['PrivateDnsEnabled'] = false;
      account.privateZones = {
        'api.ecr.eu-west-1.amazonaws.com': ['api.ecr.eu-west-1.amazonaws.com'],
      };
    },
    event: fargate('ResourceInitializationError: unable to pull secrets or registry auth'),
    cause: null,
  },
  {
    name: 'route-to-endpoints-in-another-vpc-gone',
    world: natWorld,
    breaks: withoutDefaultRoute,
    event: fargate(texts.manifestTimeoutAtEndpoint.replace('10.0.2.55', '10.99.2.55')),
    cause: 'no-route-to-registry',
    culprit: 'rtb-0task',
  },
  {
    name: 'private-address-behind-a-nat-gateway',
    world: natWorld,
    event: fargate(texts.manifestTimeoutAtEndpoint.replace('10.0.2.55', '10.99.2.55')),
    cause: 'no-route-to-registry',
    culprit: 'rtb-0task',
  },
  {
    name: 'healthy-ipv6-only-with-dual-stack-host',
    world: natWorld,
    breaks: (account) => {
      Object.assign(account.Subnets[0] ?? {}, { Ipv6Native: true, CidrBlock: undefined });
      table(account).Routes = [
        { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-0a1', State: 'active' },
      ];
      group(account, 'sg-0task').IpPermissionsEgress = [
        { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
      ];
    },
    event: fargate(texts.umbrella, '111122223333.dkr-ecr.eu-west-1.on.aws/team/web:v1'),
    cause: null,
  },
  {
    name: 'healthy-custom-dns-servers-that-forward',
    world: privateLinkWorld,
    breaks: (account) => {
      account.DhcpOptions = [
        {
          DhcpOptionsId: 'dopt-0a1',
          DhcpConfigurations: [{ Key: 'domain-name-servers', Values: [{ Value: '10.9.9.9' }] }],
        },
      ];
    },
    event: fargate(texts.forbidden),
    cause: null,
  },
  {
    name: 'event-without-containers',
    world: natWorld,
    event: stoppedEvent({ text: texts.notFound.replaceAll(':v1', ':v2'), detail: { containers: [] } }),
    cause: 'image-not-found',
    culprit: image.replace(':v1', ':v2'),
  },
  {
    name: 'private-zone-without-record',
    world: natWorld,
    breaks: (account) => {
      account.privateZones = {
        'corp.example': ['a.corp.example'],
        'ecr.eu-west-1.amazonaws.com': ['api.ecr.eu-west-1.amazonaws.com'],
        'dkr.ecr.eu-west-1.amazonaws.com': [],
      };
    },
    event: fargate(texts.noSuchHost),
    cause: 'private-zone-shadows-registry',
    culprit: 'Z02',
  },
  {
    name: 'healthy-private-zone',
    world: natWorld,
    breaks: (account) => {
      account.privateZones = {
        'corp.example': ['a.corp.example'],
        'dkr.ecr.eu-west-1.amazonaws.com': ['*.dkr.ecr.eu-west-1.amazonaws.com'],
      };
    },
    event: fargate(texts.noSuchHost),
    cause: null,
  },
  {
    name: 'dns-firewall-blocks-all-but-a-list',
    world: natWorld,
    breaks: (account) => {
      account.dnsFirewall = {
        'rslvr-frg-0a1': [
          { Action: 'ALLOW', domains: ['example.com.', '*.example.com.', 'amazonaws.com.'] },
          { Action: 'BLOCK', BlockResponse: 'NODATA', domains: ['*.'] },
        ],
      };
    },
    event: fargate(texts.noSuchHost),
    cause: 'dns-firewall-blocks-registry',
    culprit: 'rslvr-frg-0a1',
  },
  {
    name: 'healthy-dns-firewall-allows',
    world: natWorld,
    breaks: (account) => {
      account.dnsFirewall = {
        'rslvr-frg-0a1': [
          { Action: 'BLOCK', BlockResponse: 'NXDOMAIN', domains: ['bad.example.', '*.bad.example.'] },
          { Action: 'BLOCK', BlockResponse: 'NXDOMAIN', Qtype: 'AAAA', domains: ['*.'] },
        ],
        'rslvr-frg-0b2': [
          {
            Action: 'ALLOW',
            FirewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN',
            domains: ['*.amazonaws.com.'],
          },
          { Action: 'BLOCK', BlockResponse: 'NXDOMAIN', domains: ['*.'] },
        ],
      };
    },
    event: fargate(texts.noSuchHost),
    cause: null,
  },
  {
    name: 'healthy-dns-firewall-with-a-list-of-aws',
    world: natWorld,
    breaks: (account) => {
      account.dnsFirewall = { 'rslvr-frg-0a1': [{ Action: 'BLOCK', BlockResponse: 'NODATA' }] };
    },
    event: fargate(texts.noSuchHost),
    cause: null,
  },
  {
    name: 'ipv6-only-subnet',
    world: natWorld,
    breaks: (account) => {
      Object.assign(account.Subnets[0] ?? {}, { Ipv6Native: true, CidrBlock: undefined });
    },
    event: fargate(texts.umbrella),
    cause: 'ipv6-only-subnet',
    culprit: 'subnet-0task',
  },
  {
    name: 'vpc-dns-off',
    world: natWorld,
    breaks: (account) => {
      account.EnableDnsSupport = false;
    },
    event: fargate(texts.umbrella),
    cause: 'vpc-dns-disabled',
    culprit: vpc,
  },
  {
    name: 'ec2-without-route',
    world: ec2World,
    breaks: withoutDefaultRoute,
    event: ec2(texts.onInstance),
    cause: 'no-route-to-registry',
    culprit: 'rtb-0task',
  },
  {
    name: 'ec2-instance-group-closed',
    world: ec2World,
    breaks: (account) => {
      group(account, 'sg-0instance').IpPermissionsEgress = [];
    },
    event: ec2(texts.onInstance),
    cause: 'task-security-group-closed',
    culprit: 'sg-0instance',
  },

  // Network, through endpoints
  {
    name: 'endpoint-for-token-missing',
    world: privateLinkWorld,
    breaks: (account) => {
      account.VpcEndpoints = account.VpcEndpoints.filter(
        ({ VpcEndpointId }) => VpcEndpointId !== 'vpce-0api',
      );
    },
    event: fargate(texts.tokenTimeout),
    cause: 'endpoint-missing',
    culprit: vpc,
  },
  {
    name: 'endpoint-for-manifest-missing',
    world: privateLinkWorld,
    breaks: (account) => {
      account.VpcEndpoints = account.VpcEndpoints.filter(
        ({ VpcEndpointId }) => VpcEndpointId !== 'vpce-0dkr',
      );
    },
    event: fargate(texts.manifestTimeout),
    cause: 'endpoint-missing',
    culprit: vpc,
  },
  {
    name: 'endpoint-for-layers-missing',
    world: privateLinkWorld,
    breaks: (account) => {
      account.VpcEndpoints = account.VpcEndpoints.filter(({ VpcEndpointId }) => VpcEndpointId !== 'vpce-0s3');
      table(account).Routes.pop();
    },
    event: fargate(texts.layerTimeout),
    cause: 'endpoint-missing',
    culprit: vpc,
  },
  {
    name: 'endpoint-for-layers-on-another-table',
    world: privateLinkWorld,
    breaks: (account) => {
      endpoint(account, 'vpce-0s3')['RouteTableIds'] = ['rtb-0main'];
      table(account).Routes.pop();
    },
    event: fargate(texts.layerTimeout),
    cause: 's3-endpoint-not-routed',
    culprit: 'vpce-0s3',
  },
  {
    name: 'windows-layers-from-microsoft',
    world: privateLinkWorld,
    event: fargate(
      'CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://mcr.microsoft.com/v2/windows/servercore/blobs/sha256:8f61": dial tcp 204.79.197.219:443: i/o timeout',
    ),
    cause: 'no-route-to-registry',
    culprit: 'rtb-0task',
  },
  {
    name: 'endpoint-group-closed',
    world: privateLinkWorld,
    breaks: (account) => {
      group(account, 'sg-0endpoints').IpPermissions = [];
    },
    event: fargate(texts.tokenTimeoutAtEndpoint),
    cause: 'endpoint-security-group-closed',
    culprit: 'sg-0endpoints',
  },
  {
    name: 'endpoint-private-dns-off',
    world: privateLinkWorld,
    breaks: (account) => {
      endpoint(account, 'vpce-0dkr')['PrivateDnsEnabled'] = false;
    },
    event: fargate(texts.manifestTimeout),
    cause: 'endpoint-private-dns-off',
    culprit: 'vpce-0dkr',
  },
  {
    name: 'endpoint-pending',
    world: privateLinkWorld,
    breaks: (account) => {
      endpoint(account, 'vpce-0api')['State'] = 'pendingAcceptance';
    },
    event: fargate(texts.tokenTimeout),
    cause: 'endpoint-not-available',
    culprit: 'vpce-0api',
  },
  {
    name: 'endpoint-policy-of-registry',
    world: privateLinkWorld,
    breaks: (account) => {
      endpoint(account, 'vpce-0dkr')['PolicyDocument'] = JSON.stringify({
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:GetAuthorizationToken', Resource: '*' }],
      });
    },
    event: fargate(texts.forbidden),
    cause: 'endpoint-policy-denies-pull',
    culprit: 'vpce-0dkr',
  },
  {
    name: 'endpoint-policy-of-layers',
    world: privateLinkWorld,
    breaks: (account) => {
      endpoint(account, 'vpce-0s3')['PolicyDocument'] = JSON.stringify({
        Statement: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:*',
            Resource: '*',
            Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3' } },
          },
        ],
      });
    },
    event: fargate(texts.layerForbidden),
    cause: 'endpoint-policy-denies-pull',
    culprit: 'vpce-0s3',
  },
  {
    name: 'custom-dns-servers',
    world: privateLinkWorld,
    breaks: (account) => {
      account.DhcpOptions = [
        {
          DhcpOptionsId: 'dopt-0a1',
          DhcpConfigurations: [{ Key: 'domain-name-servers', Values: [{ Value: '10.0.0.53' }] }],
        },
      ];
    },
    event: fargate(texts.manifestTimeout),
    cause: 'custom-dns-servers',
    culprit: 'dopt-0a1',
  },
  {
    name: 'dns-servers-behind-a-closed-group',
    world: natWorld,
    breaks: (account) => {
      account.DhcpOptions = [
        {
          DhcpOptionsId: 'dopt-0a1',
          DhcpConfigurations: [{ Key: 'domain-name-servers', Values: [{ Value: '10.0.9.53' }] }],
        },
      ];
      group(account, 'sg-0task').IpPermissionsEgress = [443, 53].map((port) => ({
        IpProtocol: 'tcp',
        FromPort: port,
        ToPort: port,
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
      }));
    },
    event: fargate(lookupTimeout),
    cause: 'custom-dns-servers',
    culprit: 'sg-0task',
  },
  {
    name: 'dns-servers-behind-a-network-acl',
    world: natWorld,
    breaks: (account) => {
      account.DhcpOptions = [
        {
          DhcpOptionsId: 'dopt-0a1',
          DhcpConfigurations: [{ Key: 'domain-name-servers', Values: [{ Value: '10.0.9.53' }] }],
        },
      ];
      acl(account, 'acl-0task').Entries.unshift({ ...deny(true, 53, 53), Protocol: '17' });
    },
    event: fargate(lookupTimeout),
    cause: 'custom-dns-servers',
    culprit: 'acl-0task',
  },

  // Authorisation
  {
    name: 'role-missing',
    world: natWorld,
    breaks: (account) => {
      account.role = null;
    },
    event: fargate(texts.cannotAssume),
    cause: 'execution-role-missing',
    culprit: role,
  },
  {
    name: 'role-with-another-path',
    world: natWorld,
    breaks: (account) => {
      if (account.role) account.role.Arn = role.replace('role/', 'role/service-role/');
    },
    event: fargate(texts.cannotAssume),
    cause: 'execution-role-missing',
    culprit: role,
  },
  {
    name: 'role-not-named',
    world: natWorld,
    breaks: (account) => {
      delete account.taskDefinition['executionRoleArn'];
    },
    event: fargate(texts.forbidden.replace('403 Forbidden', '401 Unauthorized: no basic auth credentials')),
    cause: 'execution-role-missing',
    culprit: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7',
  },
  {
    name: 'role-trusts-another-service',
    world: natWorld,
    breaks: (account) => {
      if (account.role)
        account.role.AssumeRolePolicyDocument = encodeURIComponent(
          JSON.stringify({
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
            ],
          }),
        );
    },
    event: fargate(texts.cannotAssume),
    cause: 'execution-role-not-assumable',
    culprit: role,
  },
  {
    name: 'role-without-manifest',
    world: natWorld,
    breaks: (account) => {
      account.denied['ecr:BatchGetImage'] = { decision: 'implicitDeny' };
    },
    event: fargate(texts.forbidden),
    cause: 'execution-role-cannot-pull',
    culprit: role,
  },
  {
    name: 'role-without-layers',
    world: natWorld,
    breaks: (account) => {
      account.denied['ecr:GetDownloadUrlForLayer'] = { decision: 'explicitDeny' };
    },
    event: fargate(texts.layerForbidden),
    cause: 'execution-role-cannot-pull',
    culprit: role,
  },
  {
    name: 'role-limited-by-boundary',
    world: natWorld,
    breaks: (account) => {
      for (const action of ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'])
        account.denied[action] = { decision: 'implicitDeny', boundary: false };
      if (account.role)
        account.role.PermissionsBoundary = {
          PermissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
        };
    },
    event: fargate(texts.forbidden),
    cause: 'execution-role-cannot-pull',
    culprit: role,
  },
  {
    name: 'organization-denies',
    world: natWorld,
    breaks: (account) => {
      account.denied['ecr:BatchGetImage'] = { decision: 'explicitDeny', organizations: false };
    },
    event: fargate(texts.forbidden),
    cause: 'organization-policy-denies-pull',
    culprit: role,
  },
  {
    name: 'repository-policy-denies',
    world: natWorld,
    breaks: (account) => {
      account.repositoryPolicies['team/web'] = JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'OnlyCi',
            Effect: 'Deny',
            NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/ci' },
            Action: 'ecr:BatchGetImage',
          },
        ],
      });
    },
    event: fargate(texts.forbidden),
    cause: 'repository-policy-denies-pull',
    culprit: 'arn:aws:ecr:eu-west-1:111122223333:repository/team/web',
  },
  {
    name: 'denial-in-the-text',
    world: natWorld,
    event: fargate(
      `CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry. User: arn:aws:sts::111122223333:assumed-role/ecsTaskExecutionRole/0123 is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:111122223333:repository/team/web because no identity-based policy allows the ecr:BatchGetImage action`,
    ),
    cause: 'execution-role-cannot-pull',
    culprit: role,
  },
  {
    name: 'registry-policy-denies',
    world: natWorld,
    breaks: (account) => {
      account.registryPolicy = JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Sid: 'Freeze', Effect: 'Deny', Principal: '*', Action: 'ecr:BatchGetImage', Resource: '*' },
        ],
      });
    },
    event: fargate(texts.forbidden),
    cause: 'registry-policy-denies-pull',
    culprit: '111122223333.dkr.ecr.eu-west-1.amazonaws.com',
  },
  {
    name: 'repository-key-disabled',
    world: natWorld,
    breaks: (account) => {
      Object.assign(account.repositories['team/web'] ?? {}, {
        encryptionConfiguration: {
          encryptionType: 'KMS',
          kmsKey: 'arn:aws:kms:eu-west-1:111122223333:key/0a1b',
        },
      });
    },
    event: fargate(
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1: KmsError: the key of the image is disabled',
    ),
    cause: 'image-encryption-key-unusable',
    culprit: 'arn:aws:kms:eu-west-1:111122223333:key/0a1b',
  },
  {
    name: 'secret-refused',
    world: natWorld,
    event: fargate(
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3 from secrets manager: AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/ecsTaskExecutionRole/0123 is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3 because no identity-based policy allows the secretsmanager:GetSecretValue action',
    ),
    cause: 'secret-unreadable',
    culprit: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3',
  },
  {
    name: 'secrets-throttled',
    world: natWorld,
    event: fargate(
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 5 time(s): ThrottlingException: Rate exceeded',
    ),
    cause: 'secret-unreadable',
    culprit: role,
  },
  {
    name: 'token-expired',
    world: natWorld,
    event: fargate(
      'CannotPullContainerError: Error response from daemon: denied: Your authorization token has expired. Reauthenticate and try again.',
    ),
    cause: 'registry-token-expired',
  },
  {
    name: 'credentials-wrong',
    world: natWorld,
    event: fargate(
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/acme/app:1.0: unexpected status code [manifests 1.0]: 401 Unauthorized',
      outside,
    ),
    cause: 'registry-credentials-unusable',
    culprit: outside,
  },

  // Image
  {
    name: 'tag-missing',
    world: natWorld,
    event: fargate(texts.notFound.replaceAll(':v1', ':v12'), image.replace(':v1', ':v12')),
    cause: 'image-not-found',
    culprit: image.replace(':v1', ':v12'),
  },
  {
    name: 'repository-missing',
    world: natWorld,
    breaks: (account) => {
      account.repositories = {};
      account.images = {};
    },
    event: fargate(texts.notFound),
    cause: 'repository-not-found',
    culprit: 'arn:aws:ecr:eu-west-1:111122223333:repository/team/web',
  },
  {
    name: 'repository-in-another-region',
    world: natWorld,
    event: fargate(
      texts.notFound.replaceAll('eu-west-1', 'us-east-1'),
      image.replace('eu-west-1', 'us-east-1'),
    ),
    cause: 'repository-not-found',
    culprit: 'arn:aws:ecr:us-east-1:111122223333:repository/team/web',
  },
  {
    name: 'lifecycle-took-image',
    world: natWorld,
    breaks: (account) => {
      account.images['team/web'] = ['v7', 'v8', 'v9'].map((tag, index) => ({
        imageDigest: `sha256:${String(index).repeat(64)}`,
        imageTags: [tag],
        imagePushedAt: new Date(`2026-11-1${index}T00:00:00Z`),
      }));
      account.lifecyclePolicies['team/web'] = JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            description: 'keep three',
            selection: {
              tagStatus: 'tagged',
              tagPrefixList: ['v'],
              countType: 'imageCountMoreThan',
              countNumber: 3,
            },
            action: { type: 'expire' },
          },
        ],
      });
    },
    event: fargate(texts.notFound),
    cause: 'image-expired-by-lifecycle-policy',
    culprit: image,
  },
  {
    name: 'pinned-digest-gone',
    world: natWorld,
    event: fargate(texts.notFound.replaceAll(':v1', `:v1@${digest}`)),
    cause: 'pinned-digest-gone',
    culprit: image,
  },
  {
    name: 'pinned-digest-refused',
    world: natWorld,
    event: fargate(
      `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}@${digest}: unexpected status from HEAD request to https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/team/web/blobs/${digest}: 403 Forbidden`,
    ),
    cause: 'pinned-digest-gone',
    culprit: image,
  },
  {
    name: 'image-archived',
    world: natWorld,
    breaks: (account) => {
      for (const one of account.images['team/web'] ?? []) one.imageStatus = 'ARCHIVED';
    },
    event: fargate(texts.notFound),
    cause: 'image-archived',
    culprit: image,
  },
  {
    name: 'platform-mismatch',
    world: natWorld,
    event: fargate(
      "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/arm64/v8'",
    ),
    cause: 'platform-mismatch',
    culprit: image,
  },
  {
    name: 'format-unsupported',
    world: natWorld,
    event: fargate(
      "CannotPullContainerError: ref pull has been retried 1 time(s): number of layers and diffIDs don't match: 3 != 15",
    ),
    cause: 'unsupported-image-format',
    culprit: image,
  },
  {
    name: 'outside-image-missing',
    world: natWorld,
    event: fargate(
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/acme/app:1.0: docker.io/acme/app:1.0: not found',
      outside,
    ),
    cause: 'external-image-not-found',
    culprit: outside,
  },
  {
    name: 'outside-image-missing-under-umbrella',
    world: natWorld,
    breaks: (account) => {
      account.registries['docker.io/acme/app'] = { status: 'not-found' };
    },
    event: fargate(`${texts.umbrella} ${outside}`, outside),
    cause: 'external-image-not-found',
    culprit: outside,
  },
  {
    name: 'outside-credentials-refused',
    world: natWorld,
    breaks: (account) => {
      account.registries['docker.io/acme/app'] = onlyFor('linux/amd64');
      const [container] = account.taskDefinition['containerDefinitions'] as Record<string, unknown>[];
      Object.assign(container ?? {}, {
        repositoryCredentials: {
          credentialsParameter: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:hub-a1b2c3',
        },
      });
    },
    event: fargate(
      `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${outside}: failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized`,
      outside,
    ),
    cause: 'registry-credentials-unusable',
    culprit: outside,
  },
  {
    name: 'outside-image-for-another-platform',
    world: natWorld,
    breaks: (account) => {
      account.registries['docker.io/acme/app'] = onlyFor('linux/arm64/v8', 'windows/amd64');
    },
    event: fargate(`${texts.umbrella} ${outside}`, outside),
    cause: 'platform-mismatch',
    culprit: outside,
  },
  {
    name: 'healthy-outside-image-there-by-now',
    world: natWorld,
    breaks: (account) => {
      account.registries['docker.io/acme/app'] = onlyFor('linux/amd64');
    },
    event: fargate(
      `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${outside}: ${outside}: not found`,
      outside,
    ),
    cause: null,
  },
  {
    name: 'healthy-outside-image-for-many-platforms',
    world: natWorld,
    breaks: (account) => {
      account.registries['docker.io/acme/app'] = onlyFor('linux/arm64/v8', 'linux/amd64');
    },
    event: fargate(`${texts.umbrella} ${outside}`, outside),
    cause: null,
  },
  {
    // What the registry says to us is about our address, not about that of the task.
    name: 'healthy-outside-registry-limits-us',
    world: natWorld,
    breaks: (account) => {
      account.registries['docker.io/acme/app'] = { status: 'rate-limited' };
    },
    event: fargate(`${texts.umbrella} ${outside}`, outside),
    cause: null,
  },
  {
    name: 'pull-through-cache-fails',
    world: natWorld,
    breaks: (account) => {
      account.pullThroughCacheRules = [
        {
          ecrRepositoryPrefix: 'hub',
          upstreamRegistryUrl: 'registry-1.docker.io',
          upstreamRegistry: 'docker-hub',
        },
      ];
    },
    event: fargate(
      texts.notFound.replaceAll('team/web:v1', 'hub/nginx:1'),
      image.replace('team/web:v1', 'hub/nginx:1'),
    ),
    cause: 'pull-through-cache-cannot-import',
    culprit: image.replace('team/web:v1', 'hub/nginx:1'),
  },
  {
    name: 'reference-invalid',
    world: natWorld,
    event: fargate(
      'CannotPullContainerError: invalid reference format: repository name (Team/App) must be lowercase',
      '111122223333.dkr.ecr.eu-west-1.amazonaws.com/Team/App:v1',
    ),
    cause: 'invalid-image-reference',
    culprit: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/Team/App:v1',
  },
  {
    name: 'host-mistyped',
    world: natWorld,
    event: fargate(
      'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.comm/team/web:v1: failed to do request: Head "https://111122223333.dkr.ecr.eu-west-1.amazonaws.comm/v2/team/web/manifests/v1": dial tcp: lookup 111122223333.dkr.ecr.eu-west-1.amazonaws.comm on 10.0.0.2:53: no such host',
      '111122223333.dkr.ecr.eu-west-1.amazonaws.comm/team/web:v1',
    ),
    cause: 'registry-host-unknown',
    culprit: '111122223333.dkr.ecr.eu-west-1.amazonaws.comm/team/web:v1',
  },

  // Disk and registry
  {
    name: 'disk-full',
    world: natWorld,
    breaks: (account) => {
      for (const one of account.images['team/web'] ?? []) one.imageSizeInBytes = 12 * 2 ** 30;
    },
    event: fargate(texts.noSpace),
    cause: 'no-space-left',
    culprit: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7',
  },
  {
    name: 'rate-limited',
    world: natWorld,
    event: fargate(
      'CannotPullContainerError: inspect image has been retried 5 time(s): httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/acme/app/manifests/1.0: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
      outside,
    ),
    cause: 'registry-rate-limit',
    culprit: outside,
  },
  {
    name: 'registry-down',
    world: natWorld,
    event: fargate(
      'CannotPullContainerError: Error response from daemon: received unexpected HTTP status: 503 Service Unavailable',
      outside,
    ),
    cause: 'registry-unavailable',
    culprit: outside,
  },
  {
    name: 'certificate-untrusted',
    world: natWorld,
    event: fargate(
      'CannotPullContainerError: Error response from daemon: Get "https://registry.example.com/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'registry.example.com/app:1',
    ),
    cause: 'registry-certificate-untrusted',
    culprit: 'registry.example.com/app:1',
  },
  {
    name: 'proxy-refuses',
    world: ec2World,
    event: ec2(
      'CannotPullContainerError: Error response from daemon: Get "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/": proxyconnect tcp: dial tcp 10.1.2.3:3128: connect: connection refused',
    ),
    cause: 'proxy-blocks-registry',
    culprit: image,
  },
  {
    name: 'container-runtime-down',
    world: ec2World,
    event: ec2(
      'CannotPullContainerError: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    ),
    cause: 'container-runtime-failed',
    culprit: image,
  },
  {
    name: 'registry-forbids-image',
    world: natWorld,
    event: fargate(
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref registry.example.com/app:1: unexpected status from HEAD request to https://registry.example.com/v2/app/manifests/1: 412 Precondition Failed',
      'registry.example.com/app:1',
    ),
    cause: 'registry-forbids-pull',
    culprit: 'registry.example.com/app:1',
  },
  {
    name: 'pull-timed-out',
    world: ec2World,
    event: ec2('DockerTimeoutError: Could not transition to pulled; timed out after waiting 2h0m0s'),
    cause: 'pull-timed-out',
    culprit: image,
  },
  {
    name: 'layer-corrupt',
    world: natWorld,
    event: fargate(
      'CannotPullContainerError: ref pull has been retried 1 time(s): failed commit on ref "layer-sha256:c023": unexpected commit digest sha256:1111, expected sha256:2222: failed precondition',
    ),
    cause: 'corrupt-layer',
    culprit: image,
  },

  // Healthy: a failing text, and nothing wrong that can be seen
  ...(
    [
      ['public', publicWorld],
      ['nat', natWorld],
      ['privatelink', privateLinkWorld],
    ] as const
  ).flatMap(([kind, world]) =>
    (
      [
        ['token', kind === 'privatelink' ? texts.tokenTimeoutAtEndpoint : texts.tokenTimeout],
        ['manifest', kind === 'privatelink' ? texts.manifestTimeoutAtEndpoint : texts.manifestTimeout],
        ['forbidden', texts.forbidden],
        ['not-found', texts.notFound],
        ['umbrella', texts.umbrella],
      ] as const
    ).map(
      ([text, said]): Scenario => ({
        name: `healthy-${kind}-${text}`,
        world,
        event: fargate(said),
        cause: null,
      }),
    ),
  ),
  {
    name: 'healthy-pinned-digest',
    world: natWorld,
    event: fargate(texts.umbrella, `${image}@sha256:${'0a'.repeat(32)}`),
    cause: null,
  },
  {
    name: 'healthy-pinned-by-service',
    world: natWorld,
    event: fargate(texts.notFound.replaceAll(':v1', `:v1@sha256:${'0a'.repeat(32)}`)),
    cause: null,
  },
  {
    name: 'healthy-pull-through-cache',
    world: natWorld,
    breaks: (account) => {
      account.pullThroughCacheRules = [
        {
          ecrRepositoryPrefix: 'team',
          upstreamRegistryUrl: 'registry-1.docker.io',
          upstreamRegistry: 'docker-hub',
        },
      ];
    },
    event: fargate(texts.notFound),
    cause: null,
  },
  { name: 'healthy-ec2', world: ec2World, event: ec2(texts.onInstance), cause: null },
  {
    name: 'healthy-split-default-route',
    world: natWorld,
    breaks: (account) => {
      table(account).Routes.pop();
      for (const DestinationCidrBlock of ['0.0.0.0/1', '128.0.0.0/1'])
        table(account).Routes.push({ DestinationCidrBlock, NatGatewayId: 'nat-0a1', State: 'active' });
    },
    event: fargate(texts.tokenTimeout),
    cause: null,
  },
  {
    name: 'healthy-nat-instance',
    world: natInstanceWorld,
    event: fargate(texts.tokenTimeout),
    cause: null,
  },
  {
    name: 'healthy-nat-instance-forbidden',
    world: natInstanceWorld,
    event: fargate(texts.forbidden),
    cause: null,
  },
  {
    name: 'healthy-transit-gateway',
    world: natWorld,
    breaks: (account) => {
      table(account).Routes.pop();
      table(account).Routes.push({
        DestinationCidrBlock: '0.0.0.0/0',
        TransitGatewayId: 'tgw-0a1',
        State: 'active',
      });
    },
    event: fargate(texts.tokenTimeout),
    cause: null,
  },
  {
    name: 'healthy-restrictive-acl',
    world: natWorld,
    breaks: (account) => {
      acl(account, 'acl-0task').Entries = [
        {
          RuleNumber: 100,
          Egress: true,
          Protocol: '6',
          RuleAction: 'allow',
          CidrBlock: '0.0.0.0/0',
          PortRange: { From: 443, To: 443 },
        },
        {
          RuleNumber: 100,
          Egress: false,
          Protocol: '6',
          RuleAction: 'allow',
          CidrBlock: '0.0.0.0/0',
          PortRange: { From: 1024, To: 65535 },
        },
        { RuleNumber: 200, Egress: true, Protocol: '-1', RuleAction: 'deny', CidrBlock: '0.0.0.0/0' },
      ];
    },
    event: fargate(texts.manifestTimeout),
    cause: null,
  },
  {
    name: 'healthy-minimal-s3-policy',
    world: privateLinkWorld,
    breaks: (account) => {
      endpoint(account, 'vpce-0s3')['PolicyDocument'] = JSON.stringify({
        Statement: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:GetObject',
            Resource: 'arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*',
          },
        ],
      });
    },
    event: fargate(texts.layerForbidden),
    cause: null,
  },
  {
    name: 'healthy-endpoint-group-by-cidr',
    world: privateLinkWorld,
    breaks: (account) => {
      group(account, 'sg-0endpoints').IpPermissions = [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/16' }] },
      ];
    },
    event: fargate(texts.tokenTimeoutAtEndpoint),
    cause: null,
  },
  {
    name: 'healthy-endpoint-whose-groups-are-not-shown',
    world: privateLinkWorld,
    breaks: (account) => {
      endpoint(account, 'vpce-0api')['Groups'] = [];
    },
    event: fargate('ResourceInitializationError: unable to pull secrets or registry auth'),
    cause: null,
  },
  {
    name: 'healthy-standalone-task',
    world: natWorld,
    event: stoppedEvent({ text: texts.tokenTimeout, detail: { group: 'family:web', startedBy: 'me' } }),
    cause: null,
  },
  {
    name: 'healthy-another-zone-broken',
    world: natWorld,
    breaks: (account) => {
      table(account, 'rtb-0main').Routes.push({
        DestinationCidrBlock: '0.0.0.0/0',
        NatGatewayId: 'nat-0gone',
        State: 'blackhole',
      });
    },
    event: fargate(texts.tokenTimeout),
    cause: null,
  },
];
