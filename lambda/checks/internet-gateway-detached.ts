import { defineNetworkCheck } from './network-check.ts';
import { vpcGuide } from './sources.ts';

/** The route to the internet ends at an internet gateway that is not attached to the VPC. */
export default defineNetworkCheck({
  id: 'internet-gateway-detached',
  cause: 'The internet gateway is not attached to the VPC',
  source: vpcGuide('Enable internet access for a VPC using internet gateways', 'VPC_Internet_Gateway.html'),

  fixes: ([{ hop }], { task }) => [
    {
      do: `Attach internet gateway \`${hop.at}\` to the VPC, or route to the one that is attached`,
      cli: `aws ec2 attach-internet-gateway --region ${task.region} --internet-gateway-id ${hop.at} --vpc-id <vpc>`,
      cdk: "new ec2.CfnVPCGatewayAttachment(this, 'Attachment', { vpcId: vpc.vpcId, internetGatewayId: gateway.ref })",
    },
  ],
});
