import { describeTraps } from './describe-traps.ts';
import { stoppedTaskEvent, type TaskDetail } from './event.ts';
import { diagnoseEvent } from './product.ts';
import { addresses } from './texts.ts';
import { traps } from './traps.ts';
import { buildWorld } from './world.ts';

describeTraps(traps);

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
