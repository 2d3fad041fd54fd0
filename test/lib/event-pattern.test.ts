import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import { isPullFailure } from '../../lambda/error-text/is-pull-failure.ts';
import { symptoms } from '../../lambda/error-text/symptoms.ts';
import { stoppedTask } from '../../lambda/event.ts';
import { serviceNews } from '../../lambda/incident/service-news.ts';
import { wakeEvent as understood } from '../../lambda/record.ts';
import {
  goodNewsPattern,
  mustFit,
  serviceActionPattern,
  stoppedTaskPattern,
  wakeEvent,
} from '../../lib/event-pattern.ts';
import { stoppedEvent, texts } from '../support/worlds.ts';
import { matches } from './eventbridge-match.ts';

const asWritten = ({ detailType, ...pattern }: EventPattern) => ({ ...pattern, 'detail-type': detailType });
const fires = (event: unknown, clusters?: string[]) =>
  matches(asWritten(stoppedTaskPattern(clusters)), event) ||
  matches(asWritten(serviceActionPattern(clusters)), event);

const folder = join(__dirname, 'events');
const recorded = Object.fromEntries(
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(folder, file), 'utf8'))]),
);
/** A task as its owner printed it, in the event that it came from. */
const inEvent = (detail: object) =>
  stoppedEvent({ text: '', detail: { stoppedReason: 'Task failed to start', ...detail } });
const serviceEvent = (reason: string, detail: object = {}) => {
  const event = structuredClone(recorded['awsdoc-service-task-placement-failure']);
  Object.assign(event.detail, { reason, ...detail });
  return event;
};
const inContainer = (reason: string) =>
  inEvent({ containers: [{ name: 'innocent' }, { name: 'web', reason }] });

describe('a stopped task starts a diagnosis', () => {
  test.each(Object.entries(texts).filter(([, text]) => isPullFailure(text)))(
    'with the text %s',
    (_, text) => {
      expect(fires(stoppedEvent({ text }))).toBe(true);
      expect(fires(stoppedEvent({ text, on: 'ec2' }))).toBe(true);
      expect(fires(stoppedEvent({ text, on: 'fargate-1.3' }))).toBe(true);
    },
  );

  test('whatever its stop code', () => {
    for (const stopCode of ['EssentialContainerExited', 'ServiceSchedulerInitiated', undefined])
      expect(fires(inEvent({ stoppedReason: texts.notFound, stopCode }))).toBe(true);
  });

  test('when only the second container says why', () => {
    expect(fires(inEvent(recorded['partial-multicontainer-manifest-unknown']))).toBe(true);
    expect(fires(inEvent(recorded['partial-pull-through-cache']))).toBe(true);
  });

  test('when another text is wrapped around, or the case differs', () => {
    expect(
      fires(inEvent({ stoppedReason: `Task stopped at: 6/22/2023, 10:28:57 UTC\n${texts.notFound}` })),
    ).toBe(true);
    expect(fires(inEvent({ stoppedReason: `STOPPED (${texts.tokenTimeout})` }))).toBe(true);
    expect(fires(inEvent({ stoppedReason: texts.notFound.replace('CannotPull', 'cannotpull') }))).toBe(true);
    expect(
      fires(inEvent({ stoppedReason: texts.tokenTimeout.replace('Initialization', 'initialization') })),
    ).toBe(true);
  });

  test('when the agent gave up the pull', () => {
    for (const transition of ['pulled', 'pullBegin', 'MANIFEST_PULLED'])
      expect(
        fires(
          inContainer(
            `DockerTimeoutError: Could not transition to ${transition}; timed out after waiting 2h0m0s`,
          ),
        ),
      ).toBe(true);
  });
});

test('no text that the function knows as a failed pull is kept from it', () => {
  const messages = ['messages', 'more-messages'].flatMap((file) =>
    readFileSync(join(__dirname, `../error-text/${file}.jsonl`), 'utf8')
      .trim()
      .split('\n')
      .map((line): { message: string; kind?: string } => JSON.parse(line)),
  );
  // ECS sets the name of the error before them; as they are they stand in documentation, and in logs that are not of ECS.
  const quoted = ['docs', 'kubernetes', 'windows', 'agent-log'];
  const known = [
    ...symptoms.map(({ example }) => example),
    ...messages
      .filter(({ message, kind = '' }) => !quoted.includes(kind) || message.includes('CannotPull'))
      .map(({ message }) => message),
  ];

  const kept = known
    .filter(isPullFailure)
    .filter((text) => !fires(inEvent({ stoppedReason: text })) || !fires(inContainer(text)));

  expect(known.filter(isPullFailure).length).toBeGreaterThan(100);
  expect(kept).toEqual([]);
});

describe('a service starts a diagnosis', () => {
  const role =
    "(service web) failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::111122223333:role/web' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.).";

  test('whose role cannot be assumed', () => {
    expect(fires(serviceEvent(role, { eventName: 'SERVICE_TASK_CONFIGURATION_FAILURE' }))).toBe(true);
  });

  test('whose tasks cannot be placed for their image', () => {
    expect(
      fires(serviceEvent(`(service web) was unable to place a task. Reason: ${texts.tokenTimeout}`)),
    ).toBe(true);
    expect(fires(serviceEvent(`(service web) was unable to place a task. Reason: ${texts.notFound}`))).toBe(
      true,
    );
  });

  test('but not for other reasons', () => {
    expect(fires(serviceEvent('RESOURCE:FARGATE'))).toBe(false);
    expect(
      fires(serviceEvent('Unable to assume the service linked role. Please verify that it exists.')),
    ).toBe(false);
  });
});

describe('nothing is started', () => {
  test.each(Object.keys(recorded).filter((name) => !/^partial|guardduty/.test(name)))('by %s', (name) => {
    expect(fires(recorded[name])).toBe(false);
  });

  test('by a task that has not stopped yet, or is no task of ECS', () => {
    expect(fires(stoppedEvent({ text: texts.notFound, detail: { lastStatus: 'DEPROVISIONING' } }))).toBe(
      false,
    );
    expect(fires({ ...stoppedEvent({ text: texts.notFound }), source: 'my.app' })).toBe(false);
  });

  test.each([
    'Essential container in task exited',
    'Scaling activity initiated by (deployment ecs-svc/1)',
    'OutOfMemoryError: Container killed due to memory usage',
    'CannotStartContainerError: Error response from daemon: OCI runtime create failed',
    'CannotCreateVolumeError: Get root: dial tcp: lookup fs-1.efs.eu-west-1.amazonaws.com',
    'TaskFailedToStart: RESOURCE:MEMORY',
    'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 time(s): failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.',
    'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: mount.nfs4: Connection reset by peer',
    'ResourceInitializationError: failed to download env files: file download command: non empty error stream: service call has been retried 1 time(s)',
    'DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s',
  ])('by the reason %s', (reason) => {
    expect(fires(inEvent({ stoppedReason: reason }))).toBe(false);
    expect(fires(inContainer(reason))).toBe(false);
  });
});

test('a sidecar that did not stop its task passes the rule, and the function sees that nothing failed', () => {
  const event = { ...stoppedEvent({ text: '' }), ...recorded['fixture-guardduty-sidecar-nonfatal'] };
  event.detail = { ...event.detail, taskArn: stoppedEvent({ text: '' }).detail.taskArn };

  expect(fires(event)).toBe(true);
  expect(stoppedTask(event)).toBeNull();
});

describe('with clusters named', () => {
  const event = stoppedEvent({ text: texts.notFound });

  test('only theirs start a diagnosis', () => {
    expect(fires(event, [event.detail.clusterArn])).toBe(true);
    expect(fires(event, [`${event.detail.clusterArn}-2`])).toBe(false);
    expect(fires(serviceEvent(texts.notFound), [event.detail.clusterArn])).toBe(false);
  });

  test('too many of them are refused', () => {
    const arns = (count: number) =>
      Array.from({ length: count }, (_, n) => `arn:aws:ecs:eu-west-1:111122223333:cluster/cluster-${n}`);

    mustFit(arns(10));
    expect(() => mustFit(arns(40))).toThrow(
      /40 clusters has about \d+ characters, and EventBridge takes 2048: name fewer/,
    );
  });
});

test('a pattern leaves room within what EventBridge takes', () => {
  expect(JSON.stringify(asWritten(stoppedTaskPattern())).length).toBeLessThan(1_024);
});

describe('a service that may run again', () => {
  const heard = (event: unknown) => matches(asWritten(goodNewsPattern), event);

  test.each(Object.entries(recorded))('%s is heard of exactly if it says so', (_, event) => {
    expect(heard(event)).toBe(serviceNews(event) !== null);
  });

  test('is heard of by a steady state and by a completed deployment, not by one that failed', () => {
    expect(heard(recorded['awsdoc-service-steady-state'])).toBe(true);
    expect(heard(recorded['awsdoc-deployment-completed'])).toBe(true);
    expect(heard(recorded['awsdoc-deployment-failed'])).toBe(false);
  });
});

test('the event that wakes the function is the one that it understands', () => {
  expect(wakeEvent).toEqual(understood);
});
