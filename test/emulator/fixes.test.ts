import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { stoppedTaskEvent } from './event.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults.ts';
import { must } from './must.ts';
import { preflightOf } from './preflight-of.ts';
import { diagnoseEvent, readerOf } from './product.ts';
import { buildWorld } from './world.ts';

/** What the stand-in for AWS cannot do. */
const notHere = /create-vpc-block-public-access-exclusion/;

const idOf = ({ check }: Fault) => [check].flat().join();
// One of each kind, for every one of them takes seconds.
const cases = [...new Map(faults.toReversed().map((fault) => [idOf(fault), fault])).values()].map(
  (fault) => ({ title: fault.name, fault, kind: must(fault.worlds[0]) }),
);
/** By check: whether its command was run and did it, or what is left to the reader. */
const outcomes = new Map<string, Set<string>>();

/** Does what the report says, as a reader would who copies its commands. */
async function carryOut(fault: Fault, kind: (typeof cases)[number]['kind']): Promise<string> {
  const world = await buildWorld(kind, fault.region);
  await fault.break(world);
  const text = must(fault.texts.find(({ worlds }) => worlds.includes(kind))).of(world);
  const event = stoppedTaskEvent(world, text, fault.detail?.(world) ?? {});
  const { diagnosis } = must(await diagnoseEvent(event, readerOf(world.aws.region)));
  const cause = must(diagnosis.causes[0]);
  const all = cause.fixes.flatMap((fix) => (fix.cli ? [{ ...fix, cli: fix.cli }] : []));
  const [way] = all;
  const commands = all.filter((fix) => fix === way || !fix.alternative).map(({ cli }) => cli);
  if (commands.length === 0) return 'no command';
  for (const command of commands) {
    if (!/^(?:\w+=\$\()?aws /.test(command)) return 'another program';
    if (/<[a-z -]+>/i.test(command)) return 'a blank';
    if (/^aws \S+ (?:get|describe)-/.test(command)) return 'looks only';
    if (notHere.test(command)) return 'not here';
    await promisify(execFile)('bash', ['-c', command], {
      env: { ...process.env, AWS_DEFAULT_REGION: world.aws.region, AWS_PAGER: '' },
    });
  }

  const { blocking, likely } = await preflightOf(world);
  // Where several things of a kind are broken, another of them may come to light.
  const again = [...blocking, ...likely].filter(({ check }) => check.id === cause.check.id);
  expect(again.flatMap(({ resources }) => resources)).not.toContain(cause.resources[0]);
  return 'done';
}

test.each(cases)('$title', async ({ fault, kind }) => {
  const outcome = await carryOut(fault, kind);
  outcomes.set(idOf(fault), (outcomes.get(idOf(fault)) ?? new Set()).add(outcome));
});

test('what is left to the reader is what nobody else can know', () => {
  const left = [...outcomes].flatMap(([id, all]) =>
    [...all].filter((one) => one !== 'done').map((one) => `${id}: ${one}`),
  );

  expect(left.toSorted()).toEqual([
    'image-expired-by-lifecycle-policy: another program',
    'image-not-found,pinned-digest-gone: no command',
    'image-not-found: another program',
    'internet-access-blocked: not here',
    'no-space-left: no command',
    'repository-policy-denies-pull: looks only',
  ]);
});
