import { awsIn } from './aws.ts';
import type { Fault } from './fault.ts';
import { tellLab } from './lab.ts';
import { must } from './must.ts';
import { everywhere, makeGroup, makeInterfaceEndpoint, makeSubnet, makeTable, setRules } from './network.ts';
import {
  addresses,
  bucketDenied,
  lookupTimeout,
  manifestTimeout,
  manifestWithoutAddress,
  type Text,
  text,
  tokenTimeout,
  umbrella,
} from './texts.ts';
import { pushImage } from './workload.ts';
import { useImage, useSecret, type World, worldKinds } from './world.ts';

const suffixes = { fips: '.dkr.ecr-fips.', dualStack: '.dkr-ecr.' } as const;

const asFips = ({ image }: World) => image.replace('.dkr.ecr.', suffixes.fips);
const asDualStack = ({ image }: World) =>
  image.replace('.dkr.ecr.', suffixes.dualStack).replace('amazonaws.com', 'on.aws');

const withoutDefaultRoute = async ({ aws, taskTableId }: World) => {
  await aws.ec2.deleteRoute({ RouteTableId: taskTableId, DestinationCidrBlock: everywhere });
  return taskTableId;
};

/** A private hosted zone of the VPC, with records for these names. */
export async function privateZone({ aws, vpcId }: World, Name: string, records: readonly string[] = []) {
  const { HostedZone } = await aws.route53.createHostedZone({
    Name,
    CallerReference: `${vpcId} ${Name}`,
    VPC: { VPCId: vpcId, VPCRegion: aws.region as 'us-east-1' },
    HostedZoneConfig: { PrivateZone: true },
  });
  const HostedZoneId = must(HostedZone?.Id);
  for (const record of records)
    await aws.route53.changeResourceRecordSets({
      HostedZoneId,
      ChangeBatch: {
        Changes: [
          {
            Action: 'CREATE',
            ResourceRecordSet: {
              Name: record,
              Type: 'A',
              TTL: 60,
              ResourceRecords: [{ Value: '10.20.11.40' }],
            },
          },
        ],
      },
    });
  return HostedZoneId.replace('/hostedzone/', '');
}

const noSuchHost = lookupTimeout('10.20.0.2').map((one) => ({
  ...one,
  of: (world: World) => one.of(world).replace(/: read udp .*$/, ': no such host'),
}));
/** A connection failed, and the text does not say how far it got. */
const withoutHow = [
  ...manifestWithoutAddress.filter(({ name }) => /connection issue/.test(name)),
  text(
    'ResourceInitializationError, signal: killed',
    ['public', 'private-nat', 'privatelink'],
    () =>
      'ResourceInitializationError: unable to pull secrets or registry auth: pull command failed: : signal: killed',
  ),
];
const manifestNotResolved = noSuchHost.filter(({ name }) => !/ResourceInit/.test(name));

/** An interface endpoint of another team takes the name of the registry over for the whole VPC, and admits only its own subnet. */
async function captured(world: World, service: string): Promise<string> {
  const { aws, vpcId } = world;
  const [subnetId, groupId] = await Promise.all([
    makeSubnet(aws, vpcId, 'a', 31),
    makeGroup(aws, vpcId, `team-of-${service}`),
  ]);
  await makeTable(aws, vpcId, [subnetId]);
  await setRules(aws, groupId, 'ingress', [
    { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.20.31.0/24' }] },
  ]);
  await makeInterfaceEndpoint(aws, vpcId, service, [subnetId], groupId);
  return groupId;
}

const atOtherTeam = (one: Text): Text => ({
  ...one,
  of: (world) => one.of(world).replaceAll(addresses.endpoint, '10.20.31.40'),
});

/** Faults of names and of partitions, and of what else takes a name over. */
export const namesFaults: readonly Fault[] = [
  {
    name: 'a FIPS name, and endpoints for the other names only',
    worlds: ['privatelink'],
    break: async (world) => {
      await useImage(world, asFips(world));
      return world.vpcId;
    },
    texts: manifestTimeout('public'),
    check: 'endpoint-missing',
    evidence: 'ecr-fips.dkr',
  },
  {
    name: 'a FIPS name without a way out',
    worlds: ['private-nat', 'ec2'],
    break: async (world) => {
      await useImage(world, asFips(world));
      return withoutDefaultRoute(world);
    },
    texts: manifestTimeout('public'),
    check: 'no-route-to-registry',
  },
  {
    name: 'a dual-stack name without a way out',
    worlds: ['private-nat', 'ec2'],
    break: async (world) => {
      await useImage(world, asDualStack(world));
      return withoutDefaultRoute(world);
    },
    texts: manifestTimeout('public'),
    check: 'no-route-to-registry',
  },
  {
    name: 'China: no way out',
    worlds: ['private-nat'],
    region: 'cn-north-1',
    break: withoutDefaultRoute,
    texts: [...tokenTimeout('public'), ...manifestTimeout('public')],
    check: 'no-route-to-registry',
  },
  {
    name: 'GovCloud: a public subnet without public addresses',
    worlds: ['private-nat'],
    region: 'us-gov-west-1',
    break: async (world) => {
      await world.aws.ec2.replaceRoute({
        RouteTableId: world.taskTableId,
        DestinationCidrBlock: everywhere,
        GatewayId: must(world.internetGatewayId),
      });
      return world.taskSubnetId;
    },
    texts: [...tokenTimeout('public'), ...manifestTimeout('public')],
    check: 'public-ip-missing',
  },
  {
    name: 'an image of another Region, and endpoints of this one only',
    worlds: ['privatelink'],
    break: async (world) => {
      const { ecr } = awsIn('eu-west-3');
      await ecr.createRepository({ repositoryName: world.name });
      await pushImage(awsIn('eu-west-3'), world.name, 'v1');
      await useImage(world, world.image.replace(world.aws.region, 'eu-west-3'));
      return [world.taskTableId, world.vpcId];
    },
    texts: manifestTimeout('public'),
    check: ['no-route-to-registry', 'endpoint-missing'],
  },
  {
    name: 'a private hosted zone without the record of the registry',
    worlds: ['public', 'private-nat', 'ec2'],
    break: (world) => privateZone(world, `dkr.ecr.${world.aws.region}.amazonaws.com`),
    texts: [...manifestNotResolved, ...umbrella, ...withoutHow.slice(0, 1)],
    check: 'private-zone-shadows-registry',
  },
  {
    name: 'a private hosted zone as wide as AWS',
    worlds: ['private-nat'],
    break: (world) => privateZone(world, 'amazonaws.com', ['internal.amazonaws.com']),
    texts: [...noSuchHost, ...umbrella, ...withoutHow],
    check: 'private-zone-shadows-registry',
  },
  {
    name: 'DNS Firewall blocks the host of the secrets',
    worlds: ['private-nat'],
    break: async (world) => {
      await useSecret(world, `arn:aws:ssm:${world.aws.region}:123456789012:parameter/app`);
      const domains = [`ssm.${world.aws.region}.amazonaws.com.`];
      await tellLab({
        dnsFirewall: { [world.vpcId]: [{ Action: 'BLOCK', BlockResponse: 'NODATA', domains }] },
      });
      return `rslvr-frg-${world.vpcId}`;
    },
    texts: withoutHow.slice(1),
    check: 'dns-firewall-blocks-registry',
    evidence: 'ssm.',
  },
  {
    name: 'a private hosted zone for the registry of Docker Hub alone, and not for its name',
    worlds: ['public'],
    break: async (world) => {
      await useImage(world, 'docker.io/acme/app:1.0');
      return privateZone(world, 'registry-1.docker.io');
    },
    texts: [...umbrella, ...withoutHow.slice(0, 1)],
    check: 'private-zone-shadows-registry',
  },
  {
    name: 'DNS Firewall allows a list without the registry, and blocks the rest',
    worlds: ['private-nat', 'privatelink', 'ec2'],
    break: async ({ vpcId }) => {
      await tellLab({
        dnsFirewall: {
          [vpcId]: [
            { Action: 'ALLOW', domains: ['*.example.com.', 'amazonaws.com.'] },
            { Action: 'BLOCK', BlockResponse: 'NXDOMAIN', domains: ['*.'] },
          ],
        },
      });
      return `rslvr-frg-${vpcId}`;
    },
    texts: [...noSuchHost, ...umbrella, ...withoutHow],
    check: 'dns-firewall-blocks-registry',
  },
  {
    name: 'the endpoint of another team captured the name of the token',
    worlds: ['public', 'private-nat'],
    break: (world) => captured(world, 'ecr.api'),
    texts: tokenTimeout('endpoint').map(atOtherTeam),
    check: 'endpoint-security-group-closed',
  },
  {
    name: 'the endpoint of another team captured the name of the registry',
    worlds: ['public', 'private-nat', 'ec2'],
    break: (world) => captured(world, 'ecr.dkr'),
    texts: [...manifestTimeout('endpoint').map(atOtherTeam), ...manifestWithoutAddress],
    check: 'endpoint-security-group-closed',
  },
  {
    name: 'an endpoint waits for its acceptance',
    worlds: ['privatelink', 'platform-1.3.0'],
    break: async ({ endpoints }) => {
      const id = must(endpoints['ecr.dkr']);
      await tellLab({ endpointStates: { [id]: 'pendingAcceptance' } });
      return id;
    },
    texts: manifestTimeout('public'),
    check: 'endpoint-not-available',
  },
  {
    name: 'the policy of the S3 endpoint admits buckets of the own organization only',
    worlds: ['privatelink', 'platform-1.3.0'],
    break: async ({ aws, endpoints }) => {
      const VpcEndpointId = must(endpoints['s3']);
      const Condition = { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' } };
      const Statement = [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition }];
      await aws.ec2.modifyVpcEndpoint({
        VpcEndpointId,
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      });
      return VpcEndpointId;
    },
    texts: bucketDenied,
    check: 'endpoint-policy-denies-pull',
  },
  {
    name: 'the proxy of the instance refuses',
    worlds: ['ec2'],
    break: async ({ image }) => image,
    texts: [
      text(
        'CannotPullContainerError, proxyconnect',
        worldKinds,
        ({ image }) =>
          `CannotPullContainerError: Error response from daemon: Get "https://${image.split('/')[0]}/v2/": proxyconnect tcp: dial tcp 10.20.9.9:3128: connect: connection refused`,
      ),
    ],
    check: 'proxy-blocks-registry',
  },
];
