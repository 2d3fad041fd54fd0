import { describe, expect, test } from '@jest/globals';
import { messageOf } from '../../lambda/publish/message.ts';
import { suspected, undiagnosed, unreadableMessage } from '../../lambda/publish/raw-report.ts';

const now = new Date('2026-11-20T03:04:10Z');
const failure = {
  arn: 'arn:aws:ecs:eu-west-1:111122223333:task/prod/0123',
  clusterArn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod',
  group: 'service:web',
  stoppedAt: '2026-11-20T03:04:05.000Z',
  images: ['nginx:1'],
  text: 'CannotPullContainerError: ref pull has been retried 1 time(s): https://x.s3.amazonaws.com/l?X-Amz-Signature=abc: i/o timeout',
};

test('a failure whose diagnosis crashed is told with its text, masked, and with what crashed', () => {
  const { email, subject } = messageOf(undiagnosed(failure, new Error('boom, Bearer abcdefghijk'), now));

  expect(subject).toBe('web: No cause was found');
  expect(email).toContain(
    '> CannotPullContainerError: ref pull has been retried 1 time(s): https://x.s3.amazonaws.com/l?X-Amz-Signature=***',
  );
  expect(email).toContain('Error: boom, Bearer ***');
});

test('a failure that only its text speaks of names the check, and whom to ask', () => {
  const about = {
    id: 'execution-role-not-assumable',
    cause: 'ECS may not assume it',
    source: { title: 't', section: 's', url: 'https://example.com' },
  };

  const { email, attributes } = messageOf(
    suspected(
      failure,
      about,
      { status: 'undecided', because: 'the service is gone', resources: ['r'], ask: 'Ask its owner' },
      now,
    ),
  );

  expect(email).toContain('the service is gone. Ask its owner. Not ruled out: ECS may not assume it');
  expect(attributes).toMatchObject({ conclusion: 'suspected', group: 'service:web' });
});

describe('a record that cannot be read', () => {
  test('shows its reasons, and of JSON nothing else', () => {
    const raw =
      '{"detail":{"overrides":{"environment":[{"value":"hunter2"}]},"stoppedReason":"Task failed","containers":[{"reason":"pull \\"x\\" failed"';

    const { machine, email, chat } = unreadableMessage(raw, 'the record is not JSON', now);

    expect(JSON.parse(machine).error).toBe('Task failed / pull x failed');
    expect(machine + email + chat).not.toContain('hunter2');
  });

  test('is shown up to a length if it is plain text, without secrets and control characters', () => {
    const { machine } = unreadableMessage(`AKIAABCDEFGHIJKLMNOP\u0007 ${'x'.repeat(300_000)}`, 'b', now);

    expect(JSON.parse(machine).error).toMatch(/^AKIA\*\*\* x{1000}/);
    expect(machine.length).toBeLessThan(5_000);
  });

  test('mentions nobody in chat', () => {
    expect(JSON.parse(unreadableMessage('<!channel> & <@U1>', 'b', now).chat).content.description).toContain(
      '&lt;!channel&gt; &amp; &lt;@U1&gt;',
    );
  });

  test('may be empty', () => {
    expect(unreadableMessage('', 'b', now).email).toContain('(nothing that could be shown)');
  });
});
