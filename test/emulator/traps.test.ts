import { stoppedTaskEvent, type TaskDetail } from './event.ts';
import { must } from './must.ts';
import { diagnoseEvent, unansweredIn } from './product.ts';
import { addresses } from './texts.ts';
import { traps } from './traps.ts';
import { buildWorld, type World } from './world.ts';

const cases = traps.flatMap((trap) =>
  trap.worlds.map((kind) => ({ title: `${trap.name} (${kind})`, trap, kind })),
);

describe.each(cases)('$title', ({ trap, kind }) => {
  let world: World;
  let changes: TaskDetail;

  beforeAll(async () => {
    world = await buildWorld(kind);
    changes = (await trap.prepare(world)) ?? {};
  });

  const texts = trap.texts.filter(({ worlds }) => worlds.includes(kind));

  test.each(texts.map((text) => [text.name, text] as const))('%s', async (_name, text) => {
    const answer = must(await diagnoseEvent(stoppedTaskEvent(world, text.of(world), changes)));

    const { diagnosis, snapshot } = answer;
    expect(unansweredIn(snapshot)).toEqual([]);
    expect(diagnosis.crashed).toEqual([]);
    expect(diagnosis.causes).toEqual([]);
    expect(diagnosis.otherProblems).toEqual([]);
    expect(world.strangers.filter((id) => JSON.stringify(diagnosis).includes(id))).toEqual([]);
  });
});

test('a container that ran from a cached image and kept the text of an old pull is no failed pull', async () => {
  const world = await buildWorld('ec2');
  const reason = `CannotPullContainerError: Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp ${addresses.public}:443: i/o timeout`;
  const event = stoppedTaskEvent(world, reason);
  const [container] = event.detail['containers'] as TaskDetail[];
  const ran = { ...container, runtimeId: '7a4cf0f5d1b0', exitCode: 1 };
  const stopped = {
    stoppedReason: 'Essential container in task exited',
    stopCode: 'EssentialContainerExited',
  };

  const answer = await diagnoseEvent({
    ...event,
    detail: { ...event.detail, ...stopped, containers: [ran] },
  });

  expect(answer).toBeNull();
});
