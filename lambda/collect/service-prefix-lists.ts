import { allPages } from './answered.ts';
import { defineCollector } from './define.ts';

/** The prefix lists of AWS services with a gateway endpoint, among them the addresses of Amazon S3 in the Region. */
export default defineCollector({
  fact: 'servicePrefixLists',
  needs: ['task'],

  async collect({ task }, read) {
    if (task.launchType === 'EXTERNAL') return [];
    const lists = await allPages('ec2:DescribePrefixLists', async (NextToken) => {
      const answer = await read('ec2:DescribePrefixLists', { NextToken });
      return { items: answer.PrefixLists, next: answer.NextToken };
    });
    return lists.flatMap(({ PrefixListId, PrefixListName, Cidrs }) =>
      PrefixListId
        ? [{ prefixListId: PrefixListId, name: PrefixListName ?? null, cidrBlocks: Cidrs ?? [] }]
        : [],
    );
  },
});
