import { expect, test } from '@jest/globals';
import type { Read } from '../../lambda/aws/api.ts';
import collector from '../../lambda/collect/private-zones.ts';
import { knownValue } from '../../lambda/network/hop.ts';
import { snapshotOf } from '../support/snapshots.ts';

const { task, images, subnets, taskDefinition } = snapshotOf('private-zone-without-record').facts;
const zone = { HostedZoneId: 'Z0', Name: 'dkr.ecr.eu-west-1.amazonaws.com.' };

test('the records of a zone are read to the last page: one that was not read is not one that is missing', async () => {
  const names = Array.from({ length: 5 }, (_, index) => `r${index}.${zone.Name}`);
  const read = (async (action: string, { StartRecordName }: { StartRecordName?: string }) => {
    if (action === 'route53:ListHostedZonesByVPC') return { HostedZoneSummaries: [zone] };
    const from = StartRecordName ? names.indexOf(StartRecordName) : 0;
    return {
      ResourceRecordSets: names.slice(from, from + 2).map((Name) => ({ Name, Type: 'A' })),
      IsTruncated: from + 2 < names.length,
      NextRecordName: names[from + 2],
      NextRecordType: 'A',
    };
  }) as unknown as Read;
  const facts = { task: task.value, images: knownValue(images), subnets: knownValue(subnets) };
  const zones = await collector.collect(facts as never, read, (async () => taskDefinition) as never, null);

  expect(zones).toMatchObject([
    { recordNames: { status: 'known', value: names.map((name) => name.replace(/\.$/, '')) } },
  ]);
});
