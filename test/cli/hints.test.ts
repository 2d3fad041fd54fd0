import { describe, expect, test } from '@jest/globals';
import { findTask } from '../../bin/find-task.ts';
import { clusterHint, serviceHint } from '../../bin/name-hint.ts';
import { plannedByTaskDefinition } from '../../bin/planned-tasks.ts';
import { nearest, unknownChoice } from '../../bin/suggest.ts';
import type { Read } from '../../lambda/aws/api.ts';
import { CallFailed } from '../../lambda/aws/call-failed.ts';

/** An account of clusters with their services. */
const account = (clusters: Record<string, readonly string[]>, refused: readonly string[] = []): Read =>
  ((action: string, input: { cluster?: string; nextToken?: string }) => {
    if (refused.includes(action))
      return Promise.reject(new CallFailed(action, 'AccessDeniedException', 'refused'));
    const services = clusters[input.cluster ?? ''];
    if (input.cluster !== undefined && !services)
      return Promise.reject(new CallFailed(action, 'ClusterNotFoundException', 'refused'));
    const page = (arns: readonly string[]) => {
      const at = Number(input.nextToken ?? 0);
      return { arns: arns.slice(at, at + 2), nextToken: at + 2 < arns.length ? String(at + 2) : undefined };
    };
    switch (action) {
      case 'ecs:ListClusters': {
        const { arns, nextToken } = page(
          Object.keys(clusters).map((name) => `arn:aws:ecs:eu-west-1:1:cluster/${name}`),
        );
        return Promise.resolve({ clusterArns: arns, nextToken });
      }
      case 'ecs:ListServices': {
        const { arns, nextToken } = page(
          (services ?? []).map((name) => `arn:aws:ecs:eu-west-1:1:service/${input.cluster}/${name}`),
        );
        return Promise.resolve({ serviceArns: arns, nextToken });
      }
      case 'ecs:ListTasks':
        return Promise.resolve({ taskArns: [] });
      default:
        throw new Error(`nobody expects ${action}`);
    }
  }) as Read;

const world = { prod: ['web', 'jobs', 'api'], staging: ['web'], dev: [] };

describe('a name that leads to nothing', () => {
  test('a service that is in another cluster names that cluster', async () => {
    const looking = findTask(
      { cluster: 'dev', service: 'api' },
      { read: account(world), region: 'eu-west-1', mustHaveAnswered: () => {} },
    );

    await expect(looking).rejects.toThrow(
      'no stopped task in service api of cluster dev: did you mean --cluster prod?',
    );
  });

  test('a service that is mistyped names the nearest', async () => {
    expect(await serviceHint('prod', 'job', account(world))).toBe(': did you mean --service jobs?');
  });

  test('a service that is there is not doubted: its tasks are forgotten', async () => {
    const looking = findTask(
      { cluster: 'prod', service: 'web' },
      { read: account(world), region: 'eu-west-1', mustHaveAnswered: () => {} },
    );

    await expect(looking).rejects.toThrow(
      /ECS forgets a stopped task after an hour\. .*preflight --cluster prod --service web$/,
    );
  });

  test('a service that is like none is told which there are', async () => {
    expect(await serviceHint('prod', 'checkout', account(world))).toBe(': the cluster has web, jobs, api');
    const many = Array.from({ length: 10 }, (_, at) => `service-${at}`);
    expect(await serviceHint('big', 'checkout', account({ big: many }))).toMatch(/service-7 and 2 more$/);
  });

  test('a service that is named by its ARN is not doubted', async () => {
    const arn = 'arn:aws:ecs:eu-west-1:1:service/prod/web';

    expect(await serviceHint('prod', arn, account(world))).toBe('');
  });

  test('a cluster that is mistyped names the nearest', async () => {
    expect(await clusterHint('stagin', account(world))).toBe(': did you mean --cluster staging?');
  });

  test('a hint that may not be looked up is left out', async () => {
    expect(await serviceHint('prod', 'job', account(world, ['ecs:ListServices', 'ecs:ListClusters']))).toBe(
      '',
    );
  });
});

describe('a task that ECS does not know, or does not show', () => {
  const refusing = account(world, ['ecs:DescribeTasks', 'ecs:ListTasks']);
  const forgetting = ((action: string) =>
    Promise.resolve(action === 'ecs:DescribeTasks' ? { tasks: [] } : { taskArns: [] })) as unknown as Read;
  const lookedFor = (which: object, read: Read, also?: 'or an event') =>
    findTask(which, { read, region: 'eu-west-1', mustHaveAnswered: () => {} }, also).catch(
      (error: Error) => error.message,
    );

  test.each([
    [{ cluster: 'prod', task: '0123456789abcdef' }, refusing],
    [{ cluster: 'prod', task: '0123456789abcdef' }, forgetting],
    [{ cluster: 'prod', service: 'web' }, refusing],
    [{ cluster: 'prod', service: 'web' }, account(world)],
  ])('%p: the event is proposed by a command that takes one, and by no other', async (which, read) => {
    expect(await lookedFor(which, read, 'or an event')).toContain('--event');
    expect(await lookedFor(which, read)).not.toContain('--event');
  });
});

describe('a task definition in a network that the user names', () => {
  const plannedIn = (subnets: string | undefined, groups: string | undefined) => {
    const read = ((action: string) => {
      const code = { 'ec2:DescribeSubnets': subnets, 'ec2:DescribeSecurityGroups': groups }[action];
      if (code)
        return Promise.reject(new CallFailed(action, code, /^Invalid/.test(code) ? 'no-answer' : 'refused'));
      return Promise.resolve({
        taskDefinition: {
          taskDefinitionArn: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:1',
          family: 'web',
        },
      });
    }) as Read;
    const network = { subnetIds: ['subnet-0a1'], securityGroupIds: ['sg-0a1'], assignPublicIp: null };
    return plannedByTaskDefinition('web', { cluster: 'default', network }, { read, region: 'eu-west-1' });
  };

  test('an id that is not there is an error that names it, not an unknown', async () => {
    await expect(plannedIn('InvalidSubnetID.NotFound', undefined)).rejects.toThrow(
      '--subnets subnet-0a1: not in this account and Region',
    );
    await expect(plannedIn(undefined, 'InvalidGroup.NotFound')).rejects.toThrow(
      '--security-groups sg-0a1: not in this account and Region',
    );
  });

  test('what may not be asked is left to the report', async () => {
    const [task] = await plannedIn('UnauthorizedOperation', 'UnauthorizedOperation');

    expect(task.givenNetwork?.subnetIds).toEqual(['subnet-0a1']);
  });
});

describe('a word that is no choice', () => {
  test.each([
    ['diagnoze', ['diagnose', 'explain'], 'diagnose'],
    ['task', ['tasks', 'cluster'], 'tasks'],
    ['wbe', ['api', 'web'], 'web'],
    ['xml', ['json', 'html'], undefined],
    ['frobnicate', ['diagnose', 'explain'], undefined],
    ['', ['diagnose', 'demo'], undefined],
  ])('%p among %p means %p', (word, choices, meant) => {
    expect(nearest(word, choices)).toBe(meant);
  });

  test('all choices are named, the one that was probably meant first', () => {
    expect(unknownChoice('format', 'jsn', ['terminal', 'json']).message).toBe(
      "unknown format 'jsn': did you mean json? Choose one of: terminal, json",
    );
    expect(unknownChoice('format', 'pdf', ['terminal', 'json']).message).toBe(
      "unknown format 'pdf', choose one of: terminal, json",
    );
  });
});
