import { allPages } from './answered.ts';
import { defineCollector } from './define.ts';
import { entriesOf } from './prefix-lists.ts';

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
    return Promise.all(
      lists.flatMap(({ PrefixListId, PrefixListName, Cidrs = [] }) =>
        PrefixListId
          ? [
              // Amazon S3 has addresses: an answer that leaves them out does not say that it has none.
              Cidrs.length === 0 && PrefixListName?.endsWith('.s3')
                ? entriesOf(PrefixListId, PrefixListName, read)
                : { prefixListId: PrefixListId, name: PrefixListName ?? null, cidrBlocks: Cidrs },
            ]
          : [],
      ),
    );
  },
});
