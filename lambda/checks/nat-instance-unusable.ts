import { blank, command, words } from '../command.ts';
import type { Fix } from '../model/check.ts';
import { knownValue, tableIn } from '../network/hop.ts';
import { tableOf } from '../network/route-table.ts';
import { defineNetworkCheck } from './network-check.ts';
import { goesFor, otherWay, routeCommand } from './route-command.ts';
import { vpcGuide } from './sources.ts';
import { typescript } from './typescript.ts';

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
    const table = tableIn(hop) ?? blank('route table');
    const [culprit = id, , ownSubnet] = hop.resources;
    const [first] = instance?.interfaces ?? [];
    // Routes name the instance, or an interface of it.
    const leading = knownValue(facts.routeTables)
      ?.find(({ routeTableId }) => routeTableId === table)
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
        subnets.find(({ subnetId }) => subnetId === path.subnetId)?.cidrBlock ?? blank('block of the task');
      return [
        {
          do: `Let TCP port 443 from \`${block}\` into \`${culprit}\``,
          cli: command`aws ec2 authorize-security-group-ingress --region ${region} --group-id ${culprit} --protocol tcp --port 443 --cidr ${block}`,
          cdk: typescript`natGroup.addIngressRule(ec2.Peer.ipv4(${String(block)}), ec2.Port.tcp(443))`,
        },
      ];
    }
    if (instance?.state !== 'running')
      return instance?.state === 'stopped' || instance?.state === 'stopping'
        ? [
            {
              do: `Start instance \`${id}\``,
              cli: command`aws ec2 start-instances --region ${region} --instance-ids ${id}`,
            },
            orElse(instead()),
          ]
        : facts.natInstances.status === 'unknown'
          ? [
              {
                do: `See whether the instance behind \`${id}\` runs, and start it if it does not`,
                cli: command`aws ec2 describe-instances --region ${region} --filters Name=${id.startsWith('eni-') ? 'network-interface.network-interface-id' : 'instance-id'},Values=${id} --query 'Reservations[].Instances[].[InstanceId,State.Name]' --output text`,
              },
              orElse(instead()),
            ]
          : [instead()];
    if (entered?.sourceDestCheck)
      return [
        {
          do: `Turn the source/destination check of \`${id}\` off`,
          cli: command`aws ec2 modify-network-interface-attribute --region ${region} --network-interface-id ${entered.networkInterfaceId} --no-source-dest-check`,
          cdk: typescript`new ec2.CfnInstance(this, 'Nat', { sourceDestCheck: false })`,
        },
      ];
    if (ownSubnet?.startsWith('subnet-')) {
      // In the subnets of the tasks it leads back to itself: led to an internet gateway, the tasks would need public addresses.
      if (tableOf(path.subnetId, knownValue(facts.routeTables) ?? [])?.routeTableId === table)
        return [instead()];
      const gateway = knownValue(facts.internetGateways)?.[0]?.internetGatewayId;
      const also = goesFor({ table, meant: [ownSubnet], becomePublic: true }, facts);
      return [
        {
          do: `Route \`0.0.0.0/0\` of the instance's own subnet \`${ownSubnet}\` to ${gateway ? `\`${gateway}\`` : 'an internet gateway'}${also}`,
          cli: command`${routeCommand({ region, table, to: gateway ?? words`igw-${blank('id')}`, routeTables: facts.routeTables })}`,
        },
      ];
    }
    return [
      {
        do: `Give \`${id}\` a public IP address: an Elastic IP`,
        cli: command`aws ec2 associate-address --region ${region} --network-interface-id ${entered?.networkInterfaceId ?? blank('interface')} --allocation-id $(aws ec2 allocate-address --region ${region} --query AllocationId --output text)`,
      },
    ];
  },
});

const orElse = (fix: Fix): Fix => ({
  ...fix,
  alternative: true,
  do: `Or ${fix.do.charAt(0).toLowerCase()}${fix.do.slice(1)}`,
});
