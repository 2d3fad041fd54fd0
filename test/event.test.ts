import { expect, test } from '@jest/globals';
import { stoppedTask } from '../lambda/event.ts';
import { stoppedEvent, texts } from './support/worlds.ts';

const failing = { name: 'web', image: 'acme/web:1', reason: texts.onInstance };

test('who stops a task by hand may quote an error of another one', () => {
  const event = stoppedEvent({
    text: 'stopped because of CannotPullContainerError elsewhere',
    detail: { stopCode: 'UserInitiated' },
  });

  expect(stoppedTask(event)).toBeNull();
});

test('a container that could not be pulled counts also where a person stopped the task', () => {
  const event = stoppedEvent({
    text: 'enough',
    detail: { stopCode: 'UserInitiated', containers: [failing] },
  });

  expect(stoppedTask(event)).not.toBeNull();
});

test('a container that runs from a cached image did not fail', () => {
  const event = stoppedEvent({
    text: '',
    on: 'ec2',
    detail: { lastStatus: 'RUNNING', containers: [{ ...failing, lastStatus: 'RUNNING' }] },
  });

  expect(stoppedTask(event)).toBeNull();
});
