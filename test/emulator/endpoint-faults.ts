import type { Fault } from './fault.ts';
import { must } from './must.ts';
import { https, makeInterfaceEndpoint, setRules } from './network.ts';
import {
  bucketDenied,
  layersTimeout,
  lookupTimeout,
  manifestDenied,
  manifestTimeout,
  manifestWithoutAddress,
  noEndpointPolicy,
  type Text,
  text,
  tokenDenied,
  tokenTimeout,
} from './texts.ts';
import { useSecret, type World, worldKinds } from './world.ts';

const manifestTexts = (at: 'public' | 'endpoint') => [...manifestTimeout(at), ...manifestWithoutAddress];
const endpointWorlds = ['privatelink', 'platform-1.3.0'] as const;

const endpoint = ({ endpoints }: World, service: string) => must(endpoints[service]);

const parameterOf = ({ aws }: World) => `arn:aws:ssm:${aws.region}:123456789012:parameter/app`;

/** The endpoint of a service is not there. */
const missing = (service: string, worlds: Fault['worlds'], texts: readonly Text[]): Fault => ({
  name: `no endpoint for ${service}`,
  worlds,
  break: async (world) => {
    await world.aws.ec2.deleteVpcEndpoints({ VpcEndpointIds: [endpoint(world, service)] });
    return world.vpcId;
  },
  texts,
  check: 'endpoint-missing',
  evidence: service,
});

/** The private DNS of an endpoint is off, so that its name leads to the internet. */
const privateDnsOff = (service: string, worlds: Fault['worlds'], texts: readonly Text[]): Fault => ({
  name: `private DNS of the endpoint for ${service} is off`,
  worlds,
  break: async (world) => {
    const VpcEndpointId = endpoint(world, service);
    await world.aws.ec2.modifyVpcEndpoint({ VpcEndpointId, PrivateDnsEnabled: false });
    return VpcEndpointId;
  },
  texts,
  check: 'endpoint-private-dns-off',
});

/** The policy of an endpoint allows other things than this pull. */
const policyOf = (
  service: string,
  worlds: Fault['worlds'],
  allowed: { readonly Action: string | string[]; readonly Resource: string },
  texts: readonly Text[],
): Fault => ({
  name: `the policy of the endpoint for ${service} does not allow the pull`,
  worlds,
  break: async (world) => {
    const VpcEndpointId = endpoint(world, service);
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', ...allowed }],
    });
    await world.aws.ec2.modifyVpcEndpoint({ VpcEndpointId, PolicyDocument });
    return VpcEndpointId;
  },
  texts,
  check: 'endpoint-policy-denies-pull',
});

const pull = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** Faults of endpoints and of the names that lead to them. */
export const endpointFaults: readonly Fault[] = [
  missing('ecr.api', ['privatelink'], tokenTimeout('public')),
  missing('ecr.dkr', endpointWorlds, manifestTexts('public')),
  missing('s3', endpointWorlds, layersTimeout('s3')),
  {
    name: 'the group of the endpoints is closed',
    worlds: endpointWorlds,
    break: async ({ aws, endpointGroupId }) => {
      await setRules(aws, must(endpointGroupId), 'ingress', []);
      return must(endpointGroupId);
    },
    texts: [...tokenTimeout('endpoint'), ...manifestTexts('endpoint')],
    check: 'endpoint-security-group-closed',
  },
  policyOf('ecr.api', ['privatelink'], { Action: pull, Resource: '*' }, tokenDenied(noEndpointPolicy)),
  policyOf(
    'ecr.dkr',
    endpointWorlds,
    { Action: pull, Resource: 'arn:aws:ecr:*:123456789012:repository/another' },
    manifestDenied(noEndpointPolicy),
  ),
  policyOf('s3', endpointWorlds, { Action: 's3:*', Resource: 'arn:aws:s3:::my-reports/*' }, bucketDenied),
  {
    name: 'the S3 endpoint is not on the table of the subnet',
    worlds: endpointWorlds,
    break: async (world) => {
      const VpcEndpointId = endpoint(world, 's3');
      await world.aws.ec2.modifyVpcEndpoint({ VpcEndpointId, RemoveRouteTableIds: [world.taskTableId] });
      return VpcEndpointId;
    },
    texts: layersTimeout('s3'),
    check: 's3-endpoint-not-routed',
  },
  {
    name: 'the S3 endpoint is not on the table of the subnet, and an interface endpoint for S3 has no names of its own',
    worlds: endpointWorlds,
    break: async (world) => {
      const { aws, vpcId, endpointSubnetIds, endpointGroupId, taskTableId } = world;
      const VpcEndpointId = endpoint(world, 's3');
      await aws.ec2.modifyVpcEndpoint({ VpcEndpointId, RemoveRouteTableIds: [taskTableId] });
      await aws.ec2.modifyVpcEndpoint({
        VpcEndpointId: await makeInterfaceEndpoint(
          aws,
          vpcId,
          's3',
          [...endpointSubnetIds],
          must(endpointGroupId),
        ),
        PrivateDnsEnabled: false,
      });
      return VpcEndpointId;
    },
    texts: layersTimeout('s3'),
    check: 's3-endpoint-not-routed',
  },
  {
    name: 'the policy of the endpoint for ssm does not allow the parameter of the task',
    worlds: ['privatelink'],
    break: async (world) => {
      const { aws, vpcId, endpointSubnetIds, endpointGroupId } = world;
      await useSecret(world, parameterOf(world));
      const VpcEndpointId = await makeInterfaceEndpoint(
        aws,
        vpcId,
        'ssm',
        [...endpointSubnetIds],
        must(endpointGroupId),
      );
      const PolicyDocument = JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: '*',
          Action: 'ssm:GetParameters',
          Resource: 'arn:aws:ssm:*:*:parameter/x',
        },
      });
      await aws.ec2.modifyVpcEndpoint({ VpcEndpointId, PolicyDocument });
      return VpcEndpointId;
    },
    texts: [
      text('ResourceInitializationError, parameter denied', ['privatelink'], (world) => {
        return `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/${world.name}/7cb7 is not authorized to perform: ssm:GetParameters on resource: ${parameterOf(world)} because no VPC endpoint policy allows the ssm:GetParameters action`;
      }),
    ],
    check: 'endpoint-policy-denies-pull',
  },
  privateDnsOff('ecr.api', ['privatelink'], tokenTimeout('public')),
  privateDnsOff('ecr.dkr', endpointWorlds, manifestTexts('public')),
  {
    name: 'DNS of the VPC is off',
    worlds: worldKinds,
    break: async ({ aws, vpcId }) => {
      await aws.ec2.modifyVpcAttribute({ VpcId: vpcId, EnableDnsSupport: { Value: false } });
      return vpcId;
    },
    texts: lookupTimeout('10.20.0.2'),
    check: 'vpc-dns-disabled',
  },
  {
    name: 'custom DNS servers, which do not answer',
    worlds: worldKinds,
    break: customDnsServers,
    texts: lookupTimeout('10.20.0.53'),
    check: 'custom-dns-servers',
  },
  {
    name: 'custom DNS servers, and a group that lets HTTPS out alone',
    worlds: ['private-nat'],
    break: async (world) => {
      await customDnsServers(world);
      await setRules(world.aws, world.taskGroupId, 'egress', [
        https({ IpRanges: [{ CidrIp: '0.0.0.0/0' }] }),
      ]);
      return world.taskGroupId;
    },
    texts: lookupTimeout('10.20.0.53').slice(0, 1),
    check: 'custom-dns-servers',
    evidence: 'UDP port 53',
  },
  {
    name: 'custom DNS servers, which do not know the endpoints',
    worlds: endpointWorlds,
    break: customDnsServers,
    texts: [...tokenTimeout('public'), ...manifestTimeout('public')],
    check: 'custom-dns-servers',
  },
];

async function customDnsServers({ aws, vpcId }: World): Promise<string> {
  const { DhcpOptions } = await aws.ec2.createDhcpOptions({
    DhcpConfigurations: [{ Key: 'domain-name-servers', Values: ['10.20.0.53'] }],
  });
  const DhcpOptionsId = must(DhcpOptions?.DhcpOptionsId);
  await aws.ec2.associateDhcpOptions({ DhcpOptionsId, VpcId: vpcId });
  return DhcpOptionsId;
}
