import type { Read } from '../aws/api.ts';
import type { PrefixList } from '../model/facts.ts';
import { allPages } from './answered.ts';
import { defineCollector } from './define.ts';

/** The prefix lists that routes and security groups name, with their entries; those of AWS services are known already. */
export default defineCollector({
  fact: 'prefixLists',
  needs: ['routeTables', 'securityGroups', 'servicePrefixLists'],

  async collect({ routeTables, securityGroups, servicePrefixLists }, read) {
    const named = [
      ...routeTables.flatMap(({ routes }) => routes.map(({ destination }) => destination)),
      ...securityGroups.flatMap(({ ingress, egress }) => [...ingress, ...egress].map(({ peer }) => peer)),
    ].filter((id) => id.startsWith('pl-'));
    const known = new Set(servicePrefixLists.map(({ prefixListId }) => prefixListId));
    const others = [...new Set(named)].filter((id) => !known.has(id));
    const entries = await Promise.all(others.map((id) => entriesOf(id, null, read)));
    return [...servicePrefixLists, ...entries];
  },
});

/** A prefix list with its CIDR blocks. */
export async function entriesOf(PrefixListId: string, name: string | null, read: Read): Promise<PrefixList> {
  const entries = await allPages('ec2:GetManagedPrefixListEntries', async (NextToken) => {
    const answer = await read('ec2:GetManagedPrefixListEntries', { PrefixListId, NextToken });
    return { items: answer.Entries, next: answer.NextToken };
  });
  return { prefixListId: PrefixListId, name, cidrBlocks: entries.flatMap(({ Cidr }) => Cidr ?? []) };
}
