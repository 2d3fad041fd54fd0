import { describe, expect, test } from '@jest/globals';
import type { Read } from '../../lambda/aws/api.ts';
import { CallFailed } from '../../lambda/aws/call-failed.ts';
import { symptoms } from '../../lambda/error-text/symptoms.ts';
import type { Victim } from '../../lambda/incident/items.ts';
import { kindOf, symptomsOf } from '../../lambda/incident/kind.ts';
import { serviceState } from '../../lambda/incident/service-state.ts';

const definition = (revision: number) => `arn:aws:ecs:eu-west-1:111122223333:task-definition/web:${revision}`;
const victim = {
  clusterArn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod',
  groupName: 'service:web',
  startedBy: 'ecs-svc/2',
  taskDefinitionArn: definition(7),
} as Victim;
const stateOf = (answer: object, of = victim) => serviceState(of, (async () => answer) as unknown as Read);
const service = (deployment: object, rest: object = {}) => ({
  services: [
    {
      status: 'ACTIVE',
      desiredCount: 2,
      runningCount: 2,
      deployments: [
        { status: 'ACTIVE', id: 'ecs-svc/0', desiredCount: 2, runningCount: 2, rolloutState: 'COMPLETED' },
        {
          status: 'PRIMARY',
          id: 'ecs-svc/2',
          desiredCount: 2,
          runningCount: 2,
          rolloutState: 'COMPLETED',
          taskDefinition: definition(7),
          ...deployment,
        },
      ],
      ...rest,
    },
  ],
});
const taskSet = (set: object, ...others: readonly object[]) => ({
  services: [
    {
      status: 'ACTIVE',
      desiredCount: 1,
      deployments: [],
      taskSets: [
        {
          status: 'PRIMARY',
          id: 'ecs-svc/2',
          computedDesiredCount: 1,
          runningCount: 1,
          stabilityStatus: 'STEADY_STATE',
          taskDefinition: definition(7),
          ...set,
        },
        ...others,
      ],
    },
  ],
});

describe('the trouble of a service', () => {
  test.each([
    ['the deployment that failed runs', service({}), 'fixed'],
    ['another runs', service({ id: 'ecs-svc/3', taskDefinition: definition(8) }), 'replaced'],
    ['the same is deployed anew', service({ id: 'ecs-svc/3' }), 'replaced'],
    ['an earlier revision runs', service({ id: 'ecs-svc/3', taskDefinition: definition(6) }), 'rolledBack'],
    ['it is scaled to zero', service({ runningCount: 0 }, { desiredCount: 0 }), 'givenUp'],
    ['it is deleted', service({}, { status: 'INACTIVE' }), 'givenUp'],
    ['it is gone', { services: [], failures: [{ reason: 'MISSING' }] }, 'givenUp'],
    ['its task set runs', taskSet({}), 'fixed'],
    [
      'its task set is an earlier one',
      taskSet({ id: 'ecs-svc/1', taskDefinition: definition(5) }),
      'rolledBack',
    ],
  ])('ends when %s', async (_, answer, outcome) => {
    expect(await stateOf(answer)).toBe(outcome);
  });

  test.each([
    ['only the tasks of the deployment before it run', service({ runningCount: 0 })],
    ['some of its tasks run', service({ runningCount: 1 })],
    ['its deployment is going on', service({ rolloutState: 'IN_PROGRESS' })],
    ['its deployment failed', service({ rolloutState: 'FAILED' })],
    [
      'its task set is tried beside the one that serves',
      taskSet(
        { id: 'ecs-svc/1', taskDefinition: definition(6) },
        { id: 'ecs-svc/2', status: 'ACTIVE', stabilityStatus: 'STABILIZING', computedDesiredCount: 1 },
      ),
    ],
    ['its task set is not steady', taskSet({ stabilityStatus: 'STABILIZING' })],
    ['the answer is empty', {}],
    ['the answer is about something else', { services: [], failures: [{ reason: 'ACCESS' }] }],
  ])('goes on while %s', async (_, answer) => {
    expect(await stateOf(answer)).toBeNull();
  });
});

test('the kinds know every symptom that they name, and name none twice', () => {
  const named = Object.values(symptomsOf).flat();

  expect(named.filter((id) => !symptoms.some((symptom) => symptom.id === id))).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
  // A symptom that says why has a kind; the rest says only that the pull failed.
  expect(
    symptoms.filter(({ id, umbrella }) => !umbrella && kindOf(id) === 'other').map(({ id }) => id),
  ).toEqual([
    'docker-unreachable',
    'rate-limited',
    'secrets-throttled',
    'upstream-registry-failed',
    'registry-server-error',
    'pull-panic',
  ]);
});

test('a service whose cluster is deleted is given up; whatever else is refused is not known', async () => {
  const refusing = (code: string): Read => {
    const read = async () => {
      throw new CallFailed('ecs:DescribeServices', code, 'refused');
    };
    return read as unknown as Read;
  };
  expect(await serviceState(victim, refusing('ClusterNotFoundException'))).toBe('givenUp');
  await expect(serviceState(victim, refusing('AccessDeniedException'))).rejects.toThrow(CallFailed);
});
