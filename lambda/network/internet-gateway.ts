import type { NatGateway, RouteTable } from '../model/facts.ts';
import type { Hop } from '../model/network.ts';
import { closed, knownValue, open, unclear, unseen } from './hop.ts';
import type { Walk } from './walk.ts';

/** An internet gateway lets a packet out if it is attached, if the account does not block it, and if the task has a public address. */
export const internetGatewayHops = (
  way: Walk,
  table: RouteTable,
  id: string,
  blackhole: boolean,
): readonly Hop[] => [
  attachedHop(way, table, id, blackhole),
  blockHop(way, way.subnet.subnetId, id, false),
  publicAddressHop(way, table, id),
];

/** The same for the packets of a NAT gateway, which has a public address of its own. A regional one stands in no subnet. */
export const internetGatewayHopsOfNat = (
  way: Walk,
  table: RouteTable,
  id: string,
  blackhole: boolean,
  nat: Pick<NatGateway, 'natGatewayId' | 'subnetId'>,
): readonly Hop[] => [
  attachedHop(way, table, id, blackhole),
  ...(nat.subnetId ? [blockHop(way, nat.subnetId, id, true)] : regionalBlockHops(way, nat.natGatewayId, id)),
];

function regionalBlockHops({ facts, subnet }: Walk, natGatewayId: string, id: string): readonly Hop[] {
  const all = [subnet, ...(knownValue(facts.vpcSubnets) ?? [])];
  const where = {
    is: 'internet gateway',
    at: id,
    check: 'internet-access-blocked',
    resources: [subnet.vpcId, id],
  } as const;
  return all.some(({ internetGatewayBlockMode }) => internetGatewayBlockMode === 'block-bidirectional')
    ? [
        unclear(
          where,
          `VPC Block Public Access is \`block-bidirectional\` in \`${subnet.vpcId}\`, and whether it stops \`${natGatewayId}\` cannot be seen from here`,
          `Check that \`${subnet.vpcId}\` is excluded from VPC Block Public Access`,
        ),
      ]
    : [];
}

/** The same for the packets of a NAT instance with a public address, which VPC Block Public Access takes for any other instance. */
export const internetGatewayHopsOfInstance = (
  way: Walk,
  table: RouteTable,
  id: string,
  blackhole: boolean,
  subnetId: string,
): readonly Hop[] => [attachedHop(way, table, id, blackhole), blockHop(way, subnetId, id, false)];

function attachedHop({ facts, subnet }: Walk, table: RouteTable, id: string, blackhole: boolean): Hop {
  const where = {
    is: 'internet gateway',
    at: id,
    check: 'internet-gateway-detached',
    resources: [id, table.routeTableId],
  } as const;
  const attached = knownValue(facts.internetGateways)?.some(
    ({ internetGatewayId }) => internetGatewayId === id,
  );
  if (blackhole || attached === false)
    return closed(
      where,
      `Internet gateway \`${id}\`, to which \`${table.routeTableId}\` routes, is not attached to \`${subnet.vpcId}\``,
    );
  return facts.internetGateways.status === 'unknown'
    ? unseen(where, `Internet gateway \`${id}\``, facts.internetGateways)
    : open(where, `Internet gateway \`${id}\` is attached to \`${subnet.vpcId}\``);
}

/** VPC Block Public Access: in the mode `block-ingress` only NAT gateways get out. https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html */
function blockHop({ facts, subnet }: Walk, subnetId: string, id: string, fromNat: boolean): Hop {
  const where = {
    is: 'internet gateway',
    at: id,
    check: 'internet-access-blocked',
    resources: [subnetId, id],
  } as const;
  const all = [subnet, ...(knownValue(facts.vpcSubnets) ?? [])];
  const mode = all.find((one) => one.subnetId === subnetId)?.internetGatewayBlockMode;
  if (!mode)
    return facts.vpcSubnets.status === 'unknown'
      ? unseen(where, `Whether VPC Block Public Access stops subnet \`${subnetId}\``, facts.vpcSubnets)
      : unclear(
          where,
          `Subnet \`${subnetId}\` was not found, so whether VPC Block Public Access stops it is not known`,
          `Look at VPC Block Public Access of subnet \`${subnetId}\``,
        );
  const blocked = mode === 'block-bidirectional' || (mode === 'block-ingress' && !fromNat);
  return blocked
    ? closed(where, `VPC Block Public Access is \`${mode}\` for subnet \`${subnetId}\``)
    : open(where, `VPC Block Public Access does not block traffic of subnet \`${subnetId}\``);
}

function publicAddressHop({ facts, subnet }: Walk, table: RouteTable, id: string): Hop {
  const service = knownValue(facts.service);
  const instance = knownValue(facts.placement)?.interface === 'instance' ? knownValue(facts.instance) : null;
  const owner = instance?.instanceId ?? service?.serviceArn;
  const where = {
    is: 'public IP address',
    at: subnet.subnetId,
    check: 'public-ip-missing',
    resources: [subnet.subnetId, ...(owner ? [owner] : []), table.routeTableId, id],
  } as const;
  if (facts.publicIp.status === 'unknown')
    return unseen(where, 'Whether the task had a public IP address', facts.publicIp);
  if (facts.publicIp.value)
    return open(
      where,
      `The ${instance ? 'instance' : 'task'} in \`${subnet.subnetId}\` has a public IP address`,
    );
  return closed(
    where,
    instance
      ? `Instance \`${instance.instanceId}\` has no public IP address, and \`${table.routeTableId}\` routes to internet gateway \`${id}\``
      : `\`assignPublicIp\` is \`DISABLED\`, and \`${table.routeTableId}\` of subnet \`${subnet.subnetId}\` routes to internet gateway \`${id}\``,
  );
}
