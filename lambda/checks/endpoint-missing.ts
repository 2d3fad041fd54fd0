import { blank, command } from '../command.ts';
import type { CdkCode } from '../model/check.ts';
import type { Subnet } from '../model/facts.ts';
import type { Path } from '../model/network.ts';
import { defineNetworkCheck, type Ending } from './network-check.ts';
import { ecrEndpointsPage } from './sources.ts';
import { typescript } from './typescript.ts';

/** Without a way to the internet every connection of the pull needs an endpoint, and one of them is missing. */
export default defineNetworkCheck({
  id: 'endpoint-missing',
  cause: 'A VPC endpoint that the pull needs is missing',
  source: ecrEndpointsPage('Considerations for Amazon ECR VPC endpoints', '#ecr-vpc-endpoint-considerations'),

  fixes: (endings, { task, subnets, paths }) => {
    const [admitting = blank('security group that admits the tasks')] = admittingGroups(paths);
    const missing = [
      ...new Map(endings.map(({ hop, path }) => [hop.resources[1] ?? '', { hop, path }])).values(),
    ];
    return missing.map(({ hop, path }) => {
      const [vpc = blank('vpc'), service = blank('service')] = hop.resources;
      const lacking = endings.filter((one) => one.hop.resources[1] === hop.resources[1]);
      if (path.destination.service === 's3') {
        const tables = [...new Set(lacking.map((one) => one.hop.resources[2] ?? blank('route table')))];
        return {
          do: `Create the gateway endpoint for \`${service}\` on ${tables.map((one) => `\`${one}\``).join(' and ')}`,
          cli: command`aws ec2 create-vpc-endpoint --region ${task.region} --vpc-id ${vpc} --vpc-endpoint-type Gateway --service-name ${service} --route-table-ids ${tables}`,
          cdk: typescript`vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 })`,
        };
      }
      const code = inCdk.get(path.destination.service);
      return {
        do: `Create the interface endpoint for \`${service}\` with private DNS, and a security group that admits the tasks on TCP port 443. It answers for the whole VPC: whoever else uses the service must be admitted too`,
        cli: command`aws ec2 create-vpc-endpoint --region ${task.region} --vpc-id ${vpc} --vpc-endpoint-type Interface --service-name ${service} --subnet-ids ${onePerZone(lacking, subnets)} --security-group-ids ${admitting} --private-dns-enabled`,
        ...(code && { cdk: code }),
      };
    });
  },
});

/** https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ec2.InterfaceVpcEndpointAwsService.html */
const inCdk: ReadonlyMap<string | null, CdkCode> = new Map([
  [
    'ecr.api',
    typescript`vpc.addInterfaceEndpoint('ECR', { service: ec2.InterfaceVpcEndpointAwsService.ECR })`,
  ],
  [
    'ecr.dkr',
    typescript`vpc.addInterfaceEndpoint('ECR_DOCKER', { service: ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER })`,
  ],
  [
    'secretsmanager',
    typescript`vpc.addInterfaceEndpoint('SECRETS_MANAGER', { service: ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER })`,
  ],
  ['ssm', typescript`vpc.addInterfaceEndpoint('SSM', { service: ec2.InterfaceVpcEndpointAwsService.SSM })`],
  ['kms', typescript`vpc.addInterfaceEndpoint('KMS', { service: ec2.InterfaceVpcEndpointAwsService.KMS })`],
]);

/** Groups of endpoints that are seen to let the task in. */
const admittingGroups = (paths: readonly Path[]): readonly string[] =>
  paths
    .flatMap(({ hops }) => hops)
    .filter(({ is, verdict }) => is === 'endpoint security group' && verdict === 'open')
    .flatMap(({ resources }) => resources.filter((id) => id.startsWith('sg-')));

/** The subnets that lack an endpoint: it may stand in one of each Availability Zone. */
function onePerZone(lacking: readonly Ending[], subnets: readonly Subnet[]): readonly string[] {
  const zoneOf = (id: string) => subnets.find(({ subnetId }) => subnetId === id)?.availabilityZone ?? id;
  const ids = lacking.map(({ path: { subnetId } }) => subnetId);
  return [...new Map(ids.map((id) => [zoneOf(id), id])).values()];
}
