import type { Read } from '../../lambda/aws/api.ts';
import { stoppedTaskEvent, type TaskDetail } from './event.ts';
import { must } from './must.ts';
import { diagnoseEvent, readerOf, unansweredIn } from './product.ts';
import type { Trap } from './trap.ts';
import { buildWorld, type World } from './world.ts';

/** Each trap in each of its worlds, told by each of its texts: the product must blame nothing. */
export function describeTraps(traps: readonly Trap[]): void {
  const cases = traps.flatMap((trap) =>
    trap.worlds.map((kind) => ({ title: `${trap.name} (${kind})`, trap, kind })),
  );

  describe.each(cases)('$title', ({ trap, kind }) => {
    let world: World;
    let changes: TaskDetail;
    let read: Read;

    beforeAll(async () => {
      world = await buildWorld(kind, trap.region);
      changes = (await trap.prepare(world)) ?? {};
      read = readerOf(world.aws.region);
    });

    const texts = trap.texts.filter(({ worlds }) => worlds.includes(kind));

    test.each(texts.map((text) => [text.name, text] as const))('%s', async (_name, text) => {
      const answer = must(await diagnoseEvent(stoppedTaskEvent(world, text.of(world), changes), read));

      const { diagnosis, snapshot } = answer;
      expect(unansweredIn(snapshot)).toEqual([]);
      expect(diagnosis.crashed).toEqual([]);
      expect(diagnosis.causes).toEqual([]);
      expect(diagnosis.otherProblems).toEqual([]);
      if (trap.suspect) expect(diagnosis.suspects.map(({ check }) => check.id)).toContain(trap.suspect);
      expect(world.strangers.filter((id) => JSON.stringify(diagnosis).includes(id))).toEqual([]);
    });
  });
}
