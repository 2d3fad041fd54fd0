import { blank, command } from '../command.ts';
import { knownValue } from '../network/hop.ts';
import { defineNetworkCheck } from './network-check.ts';
import { goesFor, routeCommand } from './route-command.ts';
import { vpcGuide } from './sources.ts';
import { typescript } from './typescript.ts';

/** The route to the internet ends at an internet gateway that is not attached to the VPC. */
export default defineNetworkCheck({
  id: 'internet-gateway-detached',
  cause: 'The internet gateway is not attached to the VPC',
  source: vpcGuide('Enable internet access for a VPC using internet gateways', 'VPC_Internet_Gateway.html'),

  uses: ['internetGateways', 'routeTables', 'vpcSubnets'],

  fixes: ([{ hop }], { task, subnets }, { internetGateways, ...facts }) => {
    const [gateway = hop.at, table = blank('route table')] = hop.resources;
    // A VPC has one internet gateway at most.
    const attached = knownValue(internetGateways)?.[0]?.internetGatewayId;
    const meant = subnets.map(({ subnetId }) => subnetId);
    return [
      {
        do: attached
          ? `Let \`${table}\` lead to \`${attached}\`, the internet gateway that is attached to the VPC${goesFor({ table, meant, becomePublic: false }, facts)}`
          : `Attach internet gateway \`${gateway}\` to the VPC`,
        cli: attached
          ? command`${routeCommand({
              region: task.region,
              table,
              from: gateway,
              to: attached,
              routeTables: facts.routeTables,
            })}`
          : command`aws ec2 attach-internet-gateway --region ${task.region} --internet-gateway-id ${gateway} --vpc-id ${subnets[0]?.vpcId ?? blank('vpc')}`,
        cdk: typescript`new ec2.CfnVPCGatewayAttachment(this, 'Attachment', { vpcId: vpc.vpcId, internetGatewayId: gateway.ref })`,
      },
    ];
  },
});
