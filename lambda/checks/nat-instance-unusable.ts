import { blank, command, words } from '../command.ts';
import { knownValue } from '../network/hop.ts';
import { faultOf } from '../network/nat-instance-fault.ts';
import { defineNetworkCheck } from './network-check.ts';
import { destinationsLed, goesFor, otherWay, routeCommand } from './route-command.ts';
import { vpcGuide } from './sources.ts';
import { typescript } from './typescript.ts';
import { type OwnedFix, ofGroup } from './vpc-owner.ts';

/** The subnet's way to the internet is an EC2 instance that does not run, or that cannot hand on the packets of others. */
export default defineNetworkCheck({
  id: 'nat-instance-unusable',
  cause: 'The NAT instance gives no way to the internet',
  source: vpcGuide('NAT instances', 'work-with-nat-instances.html'),

  uses: [
    'natInstances',
    'securityGroups',
    'publicIp',
    'internetGateways',
    'natGateways',
    'routeTables',
    'vpcSubnets',
  ],

  fixes: ([{ hop, path }], { task, subnets }, { natInstances, ...facts }) => {
    const { region } = task;
    const { routeTables } = facts;
    const {
      id,
      table = blank('route table'),
      target,
      fault,
    } = faultOf(hop, path, { natInstances, routeTables, subnets: { status: 'known', value: subnets } });
    const instead = () => otherWay(id, { region, table, from: target, path, subnets }, facts);
    // An account is shown its own instances only, also where another one owns the VPC.
    const its = { account: task.accountId };
    switch (fault.is) {
      case 'group': {
        if (fault.direction === 'out')
          return [
            {
              ...ofGroup(fault.groupId, facts),
              do: `Allow TCP port 443 out of \`${fault.groupId}\``,
              cli: command`aws ec2 authorize-security-group-egress --region ${region} --group-id ${fault.groupId} --protocol tcp --port 443 --cidr 0.0.0.0/0`,
              cdk: typescript`natGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443))`,
            },
          ];
        const block = fault.block ?? blank('block of the task');
        return [
          {
            ...ofGroup(fault.groupId, facts),
            do: `Let TCP port 443 from \`${block}\` into \`${fault.groupId}\``,
            cli: command`aws ec2 authorize-security-group-ingress --region ${region} --group-id ${fault.groupId} --protocol tcp --port 443 --cidr ${block}`,
            cdk: typescript`natGroup.addIngressRule(ec2.Peer.ipv4(${String(block)}), ec2.Port.tcp(443))`,
          },
        ];
      }
      case 'stopped':
        return [
          {
            ...its,
            do: `Start instance \`${id}\`${fault.hasAddress ? '' : ', and see that it has a public IP address then'}`,
            cli: command`aws ec2 start-instances --region ${region} --instance-ids ${id}`,
          },
          orElse(instead()),
        ];
      case 'starting':
        return [
          {
            account: null,
            do: `Wait until instance \`${id}\` runs, and see that it has a public IP address then. The next task may well get through`,
            cli: command`aws ec2 wait instance-running --region ${region} --instance-ids ${id}`,
          },
        ];
      case 'unseen':
        return [
          {
            account: null,
            do: `See whether the instance behind \`${id}\` runs, and start it if it does not`,
            cli: command`aws ec2 describe-instances --region ${region} --filters Name=${id.startsWith('eni-') ? 'network-interface.network-interface-id' : 'instance-id'},Values=${id} --query 'Reservations[].Instances[].[InstanceId,State.Name]' --output text`,
          },
          orElse(instead()),
        ];
      case 'useless':
        return [instead()];
      case 'checks destinations':
        return [
          {
            ...its,
            do: `Turn the source/destination check of \`${id}\` off`,
            cli: command`aws ec2 modify-network-interface-attribute --region ${region} --network-interface-id ${fault.networkInterfaceId} --no-source-dest-check`,
            cdk: typescript`new ec2.CfnInstance(this, 'Nat', { sourceDestCheck: false })`,
          },
        ];
      case 'no way out': {
        const gateway = knownValue(facts.internetGateways)?.[0]?.internetGatewayId;
        const own = { table: fault.table, from: fault.from, routeTables };
        const also = goesFor({ ...own, meant: [fault.subnetId], becomePublic: true }, facts);
        return [
          {
            do: `Route ${destinationsLed(own)} of the instance's own subnet \`${fault.subnetId}\` to ${gateway ? `\`${gateway}\`` : 'an internet gateway'}${also}`,
            cli: command`${routeCommand({ ...own, region, to: gateway ?? words`igw-${blank('id')}` })}`,
          },
        ];
      }
      case 'no address':
        return [
          {
            ...its,
            do: `Give \`${id}\` a public IP address: an Elastic IP`,
            cli: command`aws ec2 associate-address --region ${region} --network-interface-id ${fault.networkInterfaceId ?? blank('interface')} --allocation-id $(aws ec2 allocate-address --region ${region} --query AllocationId --output text)`,
          },
        ];
    }
  },
});

const orElse = (fix: OwnedFix): OwnedFix => ({
  ...fix,
  alternative: true,
  do: `Or ${fix.do.charAt(0).toLowerCase()}${fix.do.slice(1)}`,
});
