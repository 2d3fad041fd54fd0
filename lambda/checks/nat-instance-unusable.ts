import type { Fix } from '../model/check.ts';
import { knownValue, tableIn } from '../network/hop.ts';
import { tableOf } from '../network/route-table.ts';
import { defineNetworkCheck } from './network-check.ts';
import { destinationsLed, goesFor, otherWay, routeCommand } from './route-command.ts';
import { vpcGuide } from './sources.ts';

/** The subnet's way to the internet is an EC2 instance that does not run, or that cannot hand on the packets of others. */
export default defineNetworkCheck({
  id: 'nat-instance-unusable',
  cause: 'The NAT instance gives no way to the internet',
  source: vpcGuide('NAT instances', 'work-with-nat-instances.html'),

  uses: ['natInstances', 'publicIp', 'internetGateways', 'natGateways', 'routeTables', 'vpcSubnets'],

  fixes: ([{ hop, path }], { task, subnets }, facts) => {
    const { region } = task;
    const id = hop.at;
    const instance = knownValue(facts.natInstances)?.find(({ instanceId }) => instanceId === id);
    const tables = knownValue(facts.routeTables) ?? [];
    // The hop may be about the table of the instance's own subnet: it is that of the tasks which leads to the instance.
    const own = tableIn(hop) ?? '<route table>';
    const table = tableOf(path.subnetId, tables)?.routeTableId ?? own;
    const [culprit = id, , ownSubnet] = hop.resources;
    const [first] = instance?.interfaces ?? [];
    // Routes name the instance, or an interface of it.
    const leading = tables
      .find(({ routeTableId }) => routeTableId === table)
      ?.routes.find(
        (route) =>
          [route.target, route.instanceId].includes(id) ||
          instance?.interfaces.some(({ networkInterfaceId }) => networkInterfaceId === route.target),
      );
    // With several interfaces it is the one that the packets come in by.
    const entered =
      instance?.interfaces.find(({ networkInterfaceId }) => networkInterfaceId === leading?.target) ?? first;
    const instead = () => otherWay(id, { region, table, from: leading?.target ?? id, path, subnets }, facts);

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
            orElse(instead()),
          ]
        : facts.natInstances.status === 'unknown'
          ? [
              {
                do: `See whether the instance behind \`${id}\` runs, and start it if it does not`,
                cli: `aws ec2 describe-instances --region ${region} --filters Name=${id.startsWith('eni-') ? 'network-interface.network-interface-id' : 'instance-id'},Values=${id} --query 'Reservations[].Instances[].[InstanceId,State.Name]' --output text`,
              },
              orElse(instead()),
            ]
          : [instead()];
    if (entered?.sourceDestCheck)
      return [
        {
          do: `Turn the source/destination check of \`${id}\` off`,
          cli: `aws ec2 modify-network-interface-attribute --region ${region} --network-interface-id ${entered.networkInterfaceId} --no-source-dest-check`,
          cdk: "new ec2.CfnInstance(this, 'Nat', { sourceDestCheck: false })",
        },
      ];
    if (ownSubnet?.startsWith('subnet-')) {
      // In the subnets of the tasks it leads back to itself: led to an internet gateway, the tasks would need public addresses.
      if (subnets.some(({ subnetId }) => tableOf(subnetId, tables)?.routeTableId === own)) return [instead()];
      const gateway = knownValue(facts.internetGateways)?.[0]?.internetGatewayId;
      const also = goesFor({ table: own, meant: [ownSubnet], becomePublic: true }, facts);
      return [
        {
          do: `Route ${destinationsLed({ table: own, routeTables: facts.routeTables })} of the instance's own subnet \`${ownSubnet}\` to ${gateway ? `\`${gateway}\`` : 'an internet gateway'}${also}`,
          cli: routeCommand({
            region,
            table: own,
            to: gateway ?? 'igw-<id>',
            routeTables: facts.routeTables,
          }),
        },
      ];
    }
    return [
      {
        do: `Give \`${id}\` a public IP address: an Elastic IP`,
        cli: `aws ec2 associate-address --region ${region} --network-interface-id ${entered?.networkInterfaceId ?? '<interface>'} --allocation-id $(aws ec2 allocate-address --region ${region} --query AllocationId --output text)`,
      },
    ];
  },
});

const orElse = (fix: Fix): Fix => ({
  ...fix,
  alternative: true,
  do: `Or ${fix.do.charAt(0).toLowerCase()}${fix.do.slice(1)}`,
});
