import { describe, expect, test } from '@jest/globals';
import type { Read } from '../../lambda/aws/api.ts';
import { CallFailed } from '../../lambda/aws/call-failed.ts';
import { serviceAction } from '../../lambda/publish/service-action.ts';
import { natWorld, roleArn, texts } from '../support/worlds.ts';
import { theFunction } from './function.ts';

const serviceArn = 'arn:aws:ecs:eu-west-1:111122223333:service/prod/web';
const roleText = (role: string) =>
  `(service web) failed to launch a task with (error ECS was unable to assume the role '${role}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.).`;
const event = (reason: string, resources: unknown = [serviceArn]) => ({
  version: '0',
  id: 'ddca6449-b258-46c0-8653-e0e3a6d0468b',
  'detail-type': 'ECS Service Action',
  source: 'aws.ecs',
  account: '111122223333',
  time: '2026-11-20T03:04:05Z',
  region: 'eu-west-1',
  resources,
  detail: {
    eventType: 'ERROR',
    eventName: 'SERVICE_TASK_CONFIGURATION_FAILURE',
    clusterArn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod',
    reason,
    createdAt: '2026-11-20T03:04:05.000Z',
  },
});

function world(launchType = 'FARGATE') {
  const account = natWorld();
  account.service = {
    ...account.service,
    taskDefinition: 'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7',
    launchType,
    deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', launchType }],
  };
  return account;
}
function untrusted(launchType?: string) {
  const account = world(launchType);
  account.role = {
    Arn: roleArn,
    RoleName: 'ecsTaskExecutionRole',
    AssumeRolePolicyDocument: encodeURIComponent(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      }),
    ),
  };
  return account;
}

describe('a role that ECS may not assume', () => {
  test.each(['FARGATE', 'EC2'])('is looked at, for a service on %s', async (launchType) => {
    const fn = theFunction({ account: untrusted(launchType) });

    expect(await fn.batch(event(roleText(roleArn)))).toEqual([]);
    expect(fn.diagnoses()).toMatchObject([
      {
        conclusion: 'explained',
        taskArn: serviceArn,
        group: 'service:web',
        error: roleText(roleArn),
        causes: [
          { check: { id: 'execution-role-not-assumable' }, certainty: 'proven', resources: [roleArn] },
        ],
        otherProblems: [],
      },
    ]);
    expect(fn.told[0]?.subject).toBe('web: Amazon ECS may not assume the task execution role');
  });

  test('is only suspected when it is the role of the task, not the one that pulls', async () => {
    const fn = theFunction({ account: untrusted() });
    const taskRole = 'arn:aws:iam::111122223333:role/team/app';

    await fn.batch(event(roleText(taskRole)));

    expect(fn.diagnoses()).toMatchObject([
      {
        conclusion: 'suspected',
        causes: [],
        suspects: [
          { check: { id: 'execution-role-not-assumable' }, status: 'undecided', resources: [taskRole] },
        ],
      },
    ]);
    expect(fn.told[0]?.email).toContain(`Check that the trust policy of \`${taskRole}\` lets`);
  });

  test('is only suspected when the service cannot be looked at', async () => {
    const read: Read = async (action) => {
      throw new CallFailed(action, 'AccessDeniedException', 'refused');
    };
    const fn = theFunction({ read });

    await fn.batch(event(roleText(roleArn)));

    expect(fn.diagnoses()).toMatchObject([{ conclusion: 'suspected', suspects: [{ status: 'undecided' }] }]);
    expect(fn.told[0]?.email).toContain('`ecs:DescribeServices` gave no answer (AccessDeniedException)');
  });

  test('that does trust ECS by now is ruled out', async () => {
    const fn = theFunction({ account: world() });

    await fn.batch(event(roleText(roleArn)));

    const [diagnosis] = fn.diagnoses();
    expect(diagnosis).toMatchObject({ causes: [], paths: [] });
    expect(diagnosis?.ruledOut[0]?.check.id).toBe('execution-role-not-assumable');
  });
});

describe('a service that cannot place a task for its image', () => {
  const reason = `(service web) was unable to place a task. Reason: ${texts.tokenTimeout}`;

  test('is diagnosed on Fargate like a stopped task', async () => {
    const account = world();
    account.RouteTables = account.RouteTables.map((table) => ({
      ...table,
      Routes: table.Routes.filter(({ DestinationCidrBlock }) => DestinationCidrBlock !== '0.0.0.0/0'),
    }));
    const fn = theFunction({ account });

    await fn.batch(event(reason));

    expect(fn.diagnoses()).toMatchObject([
      {
        conclusion: 'explained',
        causes: [{ check: { id: 'no-route-to-registry' } }],
        images: [expect.stringContaining('team/web:v1')],
      },
    ]);
  });

  test('is told by its text elsewhere: nobody knows on which instance the task would have run', async () => {
    const fn = theFunction({ account: world('EC2') });

    await fn.batch(event(reason));

    expect(fn.diagnoses()).toMatchObject([
      { conclusion: 'unexplained', error: reason, symptoms: expect.arrayContaining([expect.any(String)]) },
    ]);
  });
});

describe('a service event', () => {
  test('about something else is let go', () => {
    expect(serviceAction(event('RESOURCE:FARGATE'))).toBeNull();
    expect(
      serviceAction({ ...event(texts.notFound), 'detail-type': 'ECS Deployment State Change' }),
    ).toBeNull();
    expect(serviceAction({ 'detail-type': 'ECS Service Action', detail: {} })).toBeNull();
    expect(serviceAction(null)).toBeNull();
  });

  test('of the old form of ARN is of the cluster that the event names', () => {
    const action = serviceAction(event(texts.notFound, ['arn:aws:ecs:eu-west-1:111122223333:service/web']));

    expect(action).toMatchObject({
      serviceName: 'web',
      clusterArn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/prod',
      isAboutRole: false,
    });
  });

  test.each([[undefined], [[]], [['arn:aws:ecs:eu-west-1:111122223333:cluster/prod']], [[7]]])(
    'that names no service (%j) cannot be read',
    (resources) => {
      expect(() => serviceAction({ ...event(texts.notFound), resources })).toThrow(
        'the service event names no service',
      );
    },
  );

  test('loses the secrets in its text', () => {
    const action = serviceAction(event(`${texts.layerForbidden}?X-Amz-Signature=abcdef`));

    expect(action?.text).toMatch(/X-Amz-Signature=\*\*\*$/);
  });
});
