import type { Fix } from '../model/check.ts';
import { knownValue } from '../network/hop.ts';
import { wayOut } from '../network/way-out.ts';
import { defineNetworkCheck } from './network-check.ts';
import { routeCommand } from './route-command.ts';
import { vpcGuide } from './sources.ts';

/** The subnet's way to the internet is an EC2 instance that does not run, or that cannot hand on the packets of others. */
export default defineNetworkCheck({
  id: 'nat-instance-unusable',
  cause: 'The NAT instance gives no way to the internet',
  source: vpcGuide('NAT instances', 'work-with-nat-instances.html'),

  uses: ['natInstances', 'publicIp', 'internetGateways', 'natGateways', 'routeTables'],

  fixes: ([{ hop, path }], { task, subnets }, facts) => {
    const { region } = task;
    const id = hop.at;
    const instance = knownValue(facts.natInstances)?.find(({ instanceId }) => instanceId === id);
    const table = hop.resources.find((one) => one.startsWith('rtb-'));
    const [culprit = id, , ownSubnet] = hop.resources;
    const [first] = instance?.interfaces ?? [];
    const checking = instance?.interfaces.find(({ sourceDestCheck }) => sourceDestCheck);
    const instead = (alternative: boolean): Fix => {
      const other = wayOut(facts);
      return {
        ...(alternative && { alternative }),
        do: `${alternative ? 'Or let' : 'Let'} \`${table}\` lead to ${other ? `\`${other}\`` : 'a NAT gateway in a public subnet'} instead of \`${id}\``,
        cli: routeCommand({
          region,
          table: table ?? '<route table>',
          from: leadingTo(id),
          to: other ?? '<new NAT gateway>',
          routeTables: facts.routeTables,
        }),
        cdk: "new ec2.Vpc(this, 'Vpc', { natGateways: 1 })",
      };
    };
    // Routes name the instance, or an interface of it.
    const leadingTo = (target: string): string =>
      knownValue(facts.routeTables)
        ?.find(({ routeTableId }) => routeTableId === table)
        ?.routes.find(
          (route) =>
            [route.target, route.instanceId].includes(target) ||
            instance?.interfaces.some(({ networkInterfaceId }) => networkInterfaceId === route.target),
        )?.target ?? target;

    if (culprit.startsWith('sg-')) {
      const block =
        subnets.find(({ subnetId }) => subnetId === path.subnetId)?.cidrBlock ?? '<block of the task>';
      return [
        {
          do: `Let TCP port 443 from \`${block}\` into \`${culprit}\``,
          cli: `aws ec2 authorize-security-group-ingress --region ${region} --group-id ${culprit} --protocol tcp --port 443 --cidr ${block}`,
          cdk: `natGroup.addIngressRule(ec2.Peer.ipv4('${block}'), ec2.Port.tcp(443))`,
        },
      ];
    }
    if (instance?.state !== 'running')
      return instance?.state === 'stopped' || instance?.state === 'stopping'
        ? [
            {
              do: `Start instance \`${id}\``,
              cli: `aws ec2 start-instances --region ${region} --instance-ids ${id}`,
            },
            instead(true),
          ]
        : [instead(false)];
    if (checking)
      return [
        {
          do: `Turn the source/destination check of \`${id}\` off`,
          cli: `aws ec2 modify-network-interface-attribute --region ${region} --network-interface-id ${checking.networkInterfaceId} --no-source-dest-check`,
          cdk: "new ec2.CfnInstance(this, 'Nat', { sourceDestCheck: false })",
        },
      ];
    if (table && ownSubnet) {
      const gateway = knownValue(facts.internetGateways)?.[0]?.internetGatewayId;
      return [
        {
          do: `Route \`0.0.0.0/0\` of the instance's own subnet \`${ownSubnet}\` to ${gateway ? `\`${gateway}\`` : 'an internet gateway'}`,
          cli: routeCommand({ region, table, to: gateway ?? 'igw-<id>', routeTables: facts.routeTables }),
        },
      ];
    }
    return [
      {
        do: `Give \`${id}\` a public IP address: an Elastic IP`,
        cli: `aws ec2 associate-address --region ${region} --network-interface-id ${first?.networkInterfaceId ?? '<interface>'} --allocation-id $(aws ec2 allocate-address --region ${region} --query AllocationId --output text)`,
      },
    ];
  },
});
