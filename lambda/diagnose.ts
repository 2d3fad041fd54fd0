import { checks } from './checks/index.ts';
import { parsePullError } from './error-text/pull-error.ts';
import { pullErrorText } from './event.ts';
import { examine } from './examine.ts';
import { judge } from './judge.ts';
import type { Check, CheckSnapshot } from './model/check.ts';
import type { Diagnosis } from './model/diagnosis.ts';
import type { Snapshot } from './model/facts.ts';
import { covers } from './network/cidr.ts';
import { mendingOf } from './network/mend.ts';
import { isOfVpc } from './network/own-blocks.ts';
import { pathsOf } from './network/walk.ts';

/** Snapshot in, diagnosis out. Reads nothing but its argument, so a saved snapshot replays exactly. */
export function diagnose(snapshot: Snapshot, catalogue: readonly Check[] = checks): Diagnosis {
  const facts = derive(snapshot);
  return judge(
    snapshot,
    facts,
    catalogue.map((check) => ({ check, result: examine(check, facts) })),
    mendingOf(snapshot.facts, facts.pullError.value, facts.paths.value),
  );
}

/** What follows from the collected facts alone: what the text says, and where each connection gets to. */
export function derive({ facts }: Snapshot): CheckSnapshot {
  const task = facts.task.value;
  const parsed = parsePullError(pullErrorText(task) ?? task.stoppedReason);
  // An address of Amazon S3 after `dial` means the layers, whatever the text calls it.
  const s3 =
    facts.servicePrefixLists.status === 'known'
      ? facts.servicePrefixLists.value.filter(({ name }) => name?.endsWith('.s3'))
      : [];
  const { address } = parsed;
  const dialledS3 =
    address && s3.some(({ cidrBlocks }) => cidrBlocks.some((block) => covers(block, address) === 'all'));
  const pullError = {
    ...parsed,
    ...(dialledS3 && parsed.step !== 'secrets' && !parsed.host && { step: 'layers' as const }),
    ...(address && isOfVpc(address, facts) && { addressKind: 'private' as const }),
  };
  return {
    ...facts,
    pullError: { status: 'known', value: pullError },
    paths: { status: 'known', value: pathsOf(facts, pullError) },
  };
}
