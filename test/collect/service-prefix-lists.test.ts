import { expect, test } from '@jest/globals';
import type { Read } from '../../lambda/aws/api.ts';
import collector from '../../lambda/collect/service-prefix-lists.ts';

const task = { launchType: 'FARGATE' };

test('a list of Amazon S3 without addresses is asked for them', async () => {
  const read = (async (action: string, { PrefixListId }: { PrefixListId?: string }) =>
    action === 'ec2:DescribePrefixLists'
      ? {
          PrefixLists: [
            { PrefixListId: 'pl-0s3', PrefixListName: 'com.amazonaws.eu-west-1.s3' },
            {
              PrefixListId: 'pl-0db',
              PrefixListName: 'com.amazonaws.eu-west-1.dynamodb',
              Cidrs: ['3.0.0.0/24'],
            },
          ],
        }
      : { Entries: PrefixListId === 'pl-0s3' ? [{ Cidr: '52.218.0.0/17' }] : [] }) as unknown as Read;

  const lists = await collector.collect({ task } as never, read, undefined as never, null);

  expect(lists).toEqual([
    { prefixListId: 'pl-0s3', name: 'com.amazonaws.eu-west-1.s3', cidrBlocks: ['52.218.0.0/17'] },
    { prefixListId: 'pl-0db', name: 'com.amazonaws.eu-west-1.dynamodb', cidrBlocks: ['3.0.0.0/24'] },
  ]);
});
