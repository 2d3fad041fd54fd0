import { expect, test } from '@jest/globals';
import { errorOf } from '../../lambda/collect/error-of.ts';
import { snapshotOf } from '../support/snapshots.ts';

test('the text of a task is parsed once, and that of another task for itself', () => {
  const task = snapshotOf('healthy-nat-umbrella').facts.task.value;
  const other = { ...task, stoppedReason: 'CannotPullContainerError: i/o timeout', containers: [] };

  expect(errorOf(task)).toBe(errorOf(task));
  expect(errorOf(other).text).toBe(other.stoppedReason);
  expect(errorOf(task).text).not.toBe(other.stoppedReason);
});
