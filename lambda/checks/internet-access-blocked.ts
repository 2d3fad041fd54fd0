import { command } from '../command.ts';
import { defineNetworkCheck } from './network-check.ts';
import { vpcGuide } from './sources.ts';
import { typescript } from './typescript.ts';

/** VPC Block Public Access stops traffic through internet gateways, whatever routes and groups say. */
export default defineNetworkCheck({
  id: 'internet-access-blocked',
  cause: 'VPC Block Public Access stops traffic to the internet',
  source: vpcGuide('Block public access to VPCs and subnets', 'security-vpc-bpa.html'),

  fixes: ([{ hop }], { task }) => {
    const [subnet = hop.at] = hop.resources;
    return [
      {
        do: `Exclude subnet \`${subnet}\` from VPC Block Public Access`,
        cli: command`aws ec2 create-vpc-block-public-access-exclusion --region ${task.region} --subnet-id ${subnet} --internet-gateway-exclusion-mode allow-egress`,
        cdk: typescript`new ec2.CfnVPCBlockPublicAccessExclusion(this, 'Exclusion', { subnetId, internetGatewayExclusionMode: 'allow-egress' })`,
      },
      { do: 'Or reach Amazon ECR through VPC endpoints, which it does not touch', alternative: true },
    ];
  },
});
