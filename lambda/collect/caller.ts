import { CallFailed } from '../aws/call-failed.ts';
import { defineCollector } from './define.ts';

/** Whose credentials we read with: what another account's credentials see says nothing about the task. */
export default defineCollector({
  fact: 'caller',
  needs: [],

  async collect(_facts, read) {
    const { Account } = await read('sts:GetCallerIdentity', {});
    if (!Account) throw new CallFailed('sts:GetCallerIdentity', 'EmptyAnswer', 'no-answer');
    return { accountId: Account };
  },
});
