import type { CollectedFacts } from '../model/facts.ts';
import { covers, everywhere } from './cidr.ts';
import { knownValue } from './hop.ts';

type BlockFacts = Pick<CollectedFacts, 'vpc' | 'vpcSubnets' | 'subnets'>;

/**
 * Whether an address or a block is one of the VPC itself. Such addresses are private, whatever range they are from: a VPC may have a
 * block that belongs to somebody on the internet, and the local route leads there.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
export const isOfVpc = (block: string, facts: BlockFacts): boolean => isIn(blocksOfVpc(facts), block);

/** Whether a rule or route for a block may be about some packets: no registry that is asked over the internet lies in the VPC. */
export function mayConcern(packetsTo: readonly string[], facts: BlockFacts): (block: string) => boolean {
  if (!packetsTo.some((one) => (everywhere as readonly string[]).includes(one))) return () => true;
  const own = blocksOfVpc(facts);
  return (block) => !isIn(own, block);
}

const isIn = (own: readonly string[], block: string) => own.some((one) => covers(one, block) === 'all');

const blocksOfVpc = ({ vpc, vpcSubnets, subnets }: BlockFacts): readonly string[] => [
  ...(knownValue(vpc)?.cidrBlocks ?? []),
  ...[...(knownValue(vpcSubnets) ?? []), ...(knownValue(subnets) ?? [])].flatMap(
    ({ cidrBlock }) => cidrBlock ?? [],
  ),
];
