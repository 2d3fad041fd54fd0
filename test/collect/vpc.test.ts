import { expect, test } from '@jest/globals';
import type { Read } from '../../lambda/aws/api.ts';
import collector from '../../lambda/collect/vpc.ts';

const [main, second] = [{ CidrBlock: '10.0.0.0/16' }, { CidrBlock: '100.64.0.0/16' }];

test.each([
  ['is listed after another', { ...main, CidrBlockAssociationSet: [second, main] }],
  ['is not listed', { ...main, CidrBlockAssociationSet: [second] }],
  ['is told in the list alone', { CidrBlockAssociationSet: [main, second] }],
])(
  'the primary block of a VPC, at which the server of Amazon is, comes first where it %s',
  async (_, answer) => {
    const read = (async () => ({ Vpcs: [{ VpcId: 'vpc-0a1', ...answer }] })) as unknown as Read;

    const vpc = await collector.collect(
      { subnets: [{ vpcId: 'vpc-0a1' }] } as never,
      read,
      undefined as never,
      null,
    );

    expect(vpc).toMatchObject({ cidrBlocks: ['10.0.0.0/16', '100.64.0.0/16'] });
  },
);
