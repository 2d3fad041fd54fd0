import { expect, test } from '@jest/globals';
import collector from '../../lambda/collect/security-groups.ts';

const subnets = [{ subnetId: 'subnet-0a1', vpcId: 'vpc-0a1' }] as never;

test('whose a group is is known where AWS says it', async () => {
  const read = async () => ({
    SecurityGroups: [{ GroupId: 'sg-0own', OwnerId: '111122223333' }, { GroupId: 'sg-0unsaid' }],
  });

  const groups = await collector.collect({ subnets } as never, read as never, {} as never, {} as never);

  expect(groups).toMatchObject([{ groupId: 'sg-0own', ownerId: '111122223333' }, { groupId: 'sg-0unsaid' }]);
  expect(JSON.stringify(groups).match(/ownerId/g)).toHaveLength(1);
});
