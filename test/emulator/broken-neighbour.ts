import type { Aws } from './aws.ts';
import { must } from './must.ts';
import {
  everywhere,
  makeGroup,
  makeInterfaceEndpoint,
  makeNatGateway,
  makeSubnet,
  makeTable,
  makeVpc,
  setAcl,
  setRules,
} from './network.ts';

const made = new Map<string, Promise<readonly string[]>>();

/** The broken neighbour of a Region, made once. Answers the ids of all its parts. */
export function brokenNeighbour(aws: Aws): Promise<readonly string[]> {
  const neighbour = made.get(aws.region) ?? makeBrokenNeighbour(aws);
  made.set(aws.region, neighbour);
  return neighbour;
}

/**
 * A second VPC with everything broken, in the same account, Region and address block. No diagnosis may ever name a part of it.
 */
async function makeBrokenNeighbour(aws: Aws): Promise<readonly string[]> {
  const { ec2 } = aws;
  const { vpcId, mainTableId, defaultAclId, defaultGroupId } = await makeVpc(aws);
  const subnetId = await makeSubnet(aws, vpcId, 'a', 1);
  const tableId = await makeTable(aws, vpcId, [subnetId]);

  // A route into a NAT gateway that is gone.
  const natGatewayId = await makeNatGateway(aws, subnetId, 'public');
  await ec2.createRoute({
    RouteTableId: tableId,
    DestinationCidrBlock: everywhere,
    NatGatewayId: natGatewayId,
  });
  await ec2.deleteNatGateway({ NatGatewayId: natGatewayId });
  const internetGatewayId = must((await ec2.createInternetGateway({})).InternetGateway?.InternetGatewayId);

  const groupId = await makeGroup(aws, vpcId, 'neighbour');
  await setRules(aws, groupId, 'egress', []);
  const aclId = await setAcl(aws, vpcId, subnetId, []);

  const nobody = { Statement: [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }] };
  const endpointId = await makeInterfaceEndpoint(aws, vpcId, 'ecr.dkr', [subnetId], groupId, nobody);

  const DhcpConfigurations = [{ Key: 'domain-name-servers', Values: ['10.20.0.99'] }];
  const dhcpOptionsId = must(
    (await ec2.createDhcpOptions({ DhcpConfigurations })).DhcpOptions?.DhcpOptionsId,
  );
  await ec2.associateDhcpOptions({ DhcpOptionsId: dhcpOptionsId, VpcId: vpcId });
  await ec2.modifyVpcAttribute({ VpcId: vpcId, EnableDnsSupport: { Value: false } });

  return [
    vpcId,
    mainTableId,
    defaultAclId,
    defaultGroupId,
    subnetId,
    tableId,
    natGatewayId,
    internetGatewayId,
    groupId,
    aclId,
    endpointId,
    dhcpOptionsId,
  ];
}
