import { stoppedTaskEvent } from './event.ts';
import { faults } from './faults.ts';
import { must } from './must.ts';
import { diagnoseEvent, unansweredIn } from './product.ts';
import { buildWorld, type World } from './world.ts';

const cases = faults.flatMap((fault) =>
  fault.worlds.map((kind) => ({ title: `${fault.name} (${kind})`, fault, kind })),
);

describe.each(cases)('$title', ({ fault, kind }) => {
  let world: World;
  let culprits: readonly string[];

  beforeAll(async () => {
    world = await buildWorld(kind, fault.region);
    culprits = [await fault.break(world)].flat();
  });

  const texts = fault.texts.filter(({ worlds }) => worlds.includes(kind));

  test.each(texts.map((text) => [text.name, text] as const))('%s', async (_name, text) => {
    const answer = must(await diagnoseEvent(stoppedTaskEvent(world, text.of(world))));

    const { diagnosis, snapshot } = answer;
    const [cause, ...more] = diagnosis.causes;
    expect(unansweredIn(snapshot)).toEqual([]);
    expect(diagnosis.crashed).toEqual([]);
    expect([fault.check].flat()).toContain(cause?.check.id);
    expect(culprits).toContain(cause?.resources[0]);
    // One thing is broken, and nothing else.
    expect([...more, ...diagnosis.otherProblems].map(({ check }) => check.id)).toEqual([]);
    expect(cause?.evidence.join('\n')).toContain(fault.evidence ?? '');
    expect(world.strangers.filter((id) => JSON.stringify(diagnosis).includes(id))).toEqual([]);
  });
});
