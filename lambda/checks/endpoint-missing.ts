import type { Subnet } from '../model/facts.ts';
import type { Path } from '../model/network.ts';
import { defineNetworkCheck, type Ending } from './network-check.ts';
import { ecrEndpointsPage } from './sources.ts';

/** Without a way to the internet every connection of the pull needs an endpoint, and one of them is missing. */
export default defineNetworkCheck({
  id: 'endpoint-missing',
  cause: 'A VPC endpoint that the pull needs is missing',
  source: ecrEndpointsPage('Considerations for Amazon ECR VPC endpoints', '#ecr-vpc-endpoint-considerations'),

  fixes: (endings, { task, subnets, paths }) => {
    const [admitting = '<security group that admits the tasks>'] = admittingGroups(paths);
    const missing = [
      ...new Map(endings.map(({ hop, path }) => [hop.resources[1] ?? '', { hop, path }])).values(),
    ];
    return missing.map(({ hop, path }) => {
      const [vpc = '<vpc>', service = '<service>'] = hop.resources;
      const lacking = endings.filter((one) => one.hop.resources[1] === hop.resources[1]);
      if (path.destination.service === 's3') {
        const tables = [...new Set(lacking.map((one) => one.hop.resources[2] ?? '<route table>'))];
        return {
          do: `Create the gateway endpoint for \`${service}\` on ${tables.map((one) => `\`${one}\``).join(' and ')}`,
          cli: `aws ec2 create-vpc-endpoint --region ${task.region} --vpc-id ${vpc} --vpc-endpoint-type Gateway --service-name ${service} --route-table-ids ${tables.join(' ')}`,
          cdk: "vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 })",
        };
      }
      const name =
        path.destination.service === 'ecr.dkr'
          ? 'ECR_DOCKER'
          : path.destination.service === 'ecr.api'
            ? 'ECR'
            : (path.destination.service ?? '').toUpperCase();
      return {
        do: `Create the interface endpoint for \`${service}\` with private DNS, and a security group that admits the tasks on TCP port 443. It answers for the whole VPC: whoever else uses the service must be admitted too`,
        cli: `aws ec2 create-vpc-endpoint --region ${task.region} --vpc-id ${vpc} --vpc-endpoint-type Interface --service-name ${service} --subnet-ids ${onePerZone(lacking, subnets).join(' ')} --security-group-ids ${admitting} --private-dns-enabled`,
        cdk: `vpc.addInterfaceEndpoint('${name}', { service: ec2.InterfaceVpcEndpointAwsService.${name} })`,
      };
    });
  },
});

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
