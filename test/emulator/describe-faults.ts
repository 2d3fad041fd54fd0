import type { Read } from '../../lambda/aws/api.ts';
import { stoppedTaskEvent } from './event.ts';
import type { Fault } from './fault.ts';
import { must } from './must.ts';
import { diagnoseEvent, readerOf, unansweredIn } from './product.ts';
import { buildWorld, type World } from './world.ts';

/** Each fault in each of its worlds, told by each of its texts: the product must find it, and nothing else. */
export function describeFaults(faults: readonly Fault[]): void {
  const cases = faults.flatMap((fault) =>
    fault.worlds.map((kind) => ({ title: `${fault.name} (${kind})`, fault, kind })),
  );

  describe.each(cases)('$title', ({ fault, kind }) => {
    let world: World;
    let culprits: readonly string[];
    let read: Read;

    beforeAll(async () => {
      world = await buildWorld(kind, fault.region);
      culprits = [await fault.break(world)].flat();
      read = readerOf(world.aws.region);
    });

    const texts = fault.texts.filter(({ worlds }) => worlds.includes(kind));

    test.each(texts.map((text) => [text.name, text] as const))('%s', async (_name, text) => {
      const answer = must(
        await diagnoseEvent(stoppedTaskEvent(world, text.of(world), fault.detail?.(world) ?? {}), read),
      );

      const { diagnosis, snapshot } = answer;
      const [cause, ...more] = diagnosis.causes;
      expect(unansweredIn(snapshot)).toEqual([]);
      expect(diagnosis.crashed).toEqual([]);
      expect([fault.check].flat()).toContain(cause?.check.id);
      expect(culprits).toContain(cause?.resources[0]);
      // One thing is broken, and nothing else.
      expect([...more, ...diagnosis.otherProblems].map(({ check }) => check.id)).toEqual([]);
      expect(cause?.evidence.join('\n')).toContain(fault.evidence ?? '');
      expect(JSON.stringify(cause?.fixes[0])).toContain(fault.fix ?? '');
      expect(world.strangers.filter((id) => JSON.stringify(diagnosis).includes(id))).toEqual([]);
    });
  });
}
