import { expect, test } from '@jest/globals';
import type { Read } from '../../lambda/aws/api.ts';
import { CallFailed } from '../../lambda/aws/call-failed.ts';
import collector from '../../lambda/collect/pull-permissions.ts';

const repository = 'arn:aws:ecr:eu-west-1:111122223333:repository/web';
const facts = {
  task: { taskArn: 'arn:aws:ecs:eu-west-1:111122223333:task/prod/1', region: 'eu-west-1' },
  images: [
    {
      ecr: { accountId: '111122223333', region: 'eu-west-1', fips: false, dualStack: false },
      repository: 'web',
    },
  ],
  pullingRole: {
    kind: 'task execution role',
    roleArn: 'arn:aws:iam::111122223333:role/app',
    role: { roleArn: 'arn:aws:iam::111122223333:role/app', roleName: 'app', permissionsBoundaryArn: null },
  },
};
const inline = (Action: readonly string[]) =>
  encodeURIComponent(
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } }),
  );

/** An account whose simulation is refused, and the calls named as well. */
const account = (PolicyDocument: string, ...refused: readonly string[]): Read =>
  (async (action: string) => {
    if (['iam:SimulatePrincipalPolicy', ...refused].includes(action))
      throw new CallFailed(action, 'AccessDenied', 'refused');
    if (action === 'iam:ListAttachedRolePolicies') return { AttachedPolicies: [] };
    if (action === 'iam:ListRolePolicies') return { PolicyNames: ['pull'] };
    if (action === 'iam:GetRolePolicy') return { PolicyDocument };
    throw new Error(`not expected: ${action}`);
  }) as unknown as Read;
const collect = (read: Read) => collector.collect(facts as never, read, undefined as never, null);

test('the policies of the role tell what it may', async () => {
  const decisions = await collect(
    account(inline(['ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer'])),
  );

  expect(decisions).toMatchObject([
    { action: 'ecr:GetAuthorizationToken', resource: '*', decision: 'allowed', simulated: false },
    { action: 'ecr:BatchGetImage', resource: repository, decision: 'implicitDeny', simulated: false },
    { action: 'ecr:GetDownloadUrlForLayer', resource: repository, decision: 'allowed', simulated: false },
  ]);
});

test('where they cannot be read either, the simulation is what was refused', async () => {
  await expect(collect(account(inline(['ecr:*']), 'iam:GetRolePolicy'))).rejects.toMatchObject({
    action: 'iam:SimulatePrincipalPolicy',
    why: 'refused',
  });
});

test('a policy that is no JSON tells nothing', async () => {
  await expect(collect(account('cut off'))).rejects.toMatchObject({ action: 'iam:SimulatePrincipalPolicy' });
});

const limited = {
  ...facts,
  pullingRole: {
    ...facts.pullingRole,
    role: {
      ...facts.pullingRole.role,
      permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/limit',
    },
  },
};

/** A simulation that answers for every action alike, and policies behind it. */
const simulating = (result: object, own: string, limit: string, calls: string[] = []): Read =>
  (async (action: string, { ActionNames = [], ResourceArns: [EvalResourceName] = [''] }) => {
    calls.push(action);
    switch (action) {
      case 'iam:SimulatePrincipalPolicy':
        return {
          EvaluationResults: ActionNames.map((EvalActionName) => ({
            EvalActionName,
            EvalResourceName,
            ...result,
          })),
        };
      case 'iam:GetPolicy':
        return { Policy: { DefaultVersionId: 'v2' } };
      case 'iam:GetPolicyVersion':
        return { PolicyVersion: { Document: limit } };
      default:
        return account(own)(action as never, {} as never);
    }
  }) as unknown as Read;

const byBoundary = {
  EvalDecision: 'implicitDeny',
  PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
};

test('a denial by one layer is followed by what each of them says', async () => {
  const read = simulating(byBoundary, inline(['ecr:Get*']), inline(['ecr:BatchGetImage']));
  const decisions = await collector.collect(limited as never, read, undefined as never, null);

  const says = (own: boolean, limit: boolean) => ({
    layers: { policies: { denies: false, allows: own }, boundary: { denies: false, allows: limit } },
  });
  expect(decisions).toMatchObject([says(true, false), says(false, true), says(true, false)]);
});

test('where the policies are not shown, the simulation stays the answer', async () => {
  const decisions = await collector.collect(
    limited as never,
    simulating(byBoundary, 'cut off', inline([])),
    undefined as never,
    null,
  );

  expect(decisions).toMatchObject([
    { allowedByBoundary: false },
    { allowedByBoundary: false },
    { allowedByBoundary: false },
  ]);
  expect(JSON.stringify(decisions)).not.toContain('layers');
});

/** An account whose simulation says so of the manifest, and that all else is allowed. */
const answering = (manifest: object, calls: string[] = [], results: readonly object[] = []): Read =>
  (async (action: string, input: { ActionNames: readonly string[]; ResourceArns: readonly string[] }) => {
    calls.push(action);
    if (action !== 'iam:SimulatePrincipalPolicy')
      return account(inline(['ecr:*']))(action as never, input as never);
    if (results.length > 0 && input.ResourceArns[0] !== '*') return { EvaluationResults: results };
    const EvaluationResults = input.ActionNames.map((EvalActionName) => ({
      EvalActionName,
      EvalResourceName: input.ResourceArns[0],
      EvalDecision: 'allowed',
      ...(EvalActionName === 'ecr:BatchGetImage' && manifest),
    }));
    return { EvaluationResults };
  }) as unknown as Read;
const implicit = { EvalDecision: 'implicitDeny' };

test.each<[string, object, boolean]>([
  ['allows', {}, false],
  [
    'allows, whatever else it says',
    { OrganizationsDecisionDetail: { AllowedByOrganizations: false } },
    false,
  ],
  ['lacks', implicit, false],
  [
    'lacks, within the boundary',
    { ...implicit, PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true } },
    false,
  ],
  [
    'lacks, and the boundary too',
    { ...implicit, PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
    true,
  ],
  [
    'lacks, and the organization denies it',
    { ...implicit, OrganizationsDecisionDetail: { AllowedByOrganizations: false } },
    true,
  ],
  ['lacks, but for a condition', { ...implicit, MissingContextValues: ['aws:VpcId'] }, true],
  ['denies', { EvalDecision: 'explicitDeny' }, true],
])(
  'the policies of a role are read only where the simulation may hide some of them: it %s',
  async (_, result, areRead) => {
    const calls: string[] = [];
    const decisions = await collect(answering(result, calls));

    expect(calls.includes('iam:ListRolePolicies')).toBe(areRead);
    expect(decisions).toMatchObject([
      { action: 'ecr:GetAuthorizationToken', decision: 'allowed' },
      {
        action: 'ecr:BatchGetImage',
        ...(areRead && { layers: { policies: { allows: true, denies: false }, boundary: null } }),
      },
      { action: 'ecr:GetDownloadUrlForLayer', decision: 'allowed' },
    ]);
    expect((decisions as readonly object[]).filter((one) => 'layers' in one)).toHaveLength(areRead ? 1 : 0);
  },
);

test('of several repositories each has an answer of its own', async () => {
  const specific = (name: string, change: object) => ({
    EvalResourceName: `${repository}-${name}`,
    ...change,
  });
  const results = [
    {
      EvalActionName: 'ecr:BatchGetImage',
      EvalResourceName: '*',
      EvalDecision: 'implicitDeny',
      MissingContextValues: ['aws:VpcId'],
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
      ResourceSpecificResults: [
        specific('a', {
          EvalResourceDecision: 'allowed',
          MissingContextValues: [],
          PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true },
        }),
        specific('b', {}),
      ],
    },
    { EvalActionName: 'ecr:GetDownloadUrlForLayer' },
  ];

  expect(await collect(answering({}, [], results))).toMatchObject([
    { action: 'ecr:GetAuthorizationToken' },
    { resource: `${repository}-a`, decision: 'allowed', missingContextValues: [], allowedByBoundary: true },
    {
      resource: `${repository}-b`,
      decision: 'implicitDeny',
      missingContextValues: ['aws:VpcId'],
      allowedByBoundary: false,
    },
    {
      resource: '*',
      decision: 'implicitDeny',
      missingContextValues: [],
      allowedByBoundary: null,
      allowedByOrganizations: null,
    },
  ]);
});

test('a bug of ours is no refusal of AWS', async () => {
  const broken = (where: string) =>
    (async (action: string, input: never) => {
      if (action === where) throw new TypeError('a bug');
      return answering({ EvalDecision: 'explicitDeny' })(action as never, input);
    }) as unknown as Read;

  await expect(collect(broken('iam:SimulatePrincipalPolicy'))).rejects.toThrow(TypeError);
  await expect(collect(broken('iam:ListRolePolicies'))).rejects.toThrow(TypeError);
});

test('nothing is asked without a role, or without an image in Amazon ECR', async () => {
  const nothing = (async (action: string) => {
    throw new Error(`not expected: ${action}`);
  }) as unknown as Read;
  const asked = (change: object) =>
    collector.collect({ ...facts, ...change } as never, nothing, undefined as never, null);

  expect(await asked({ pullingRole: null })).toEqual([]);
  expect(await asked({ pullingRole: { ...facts.pullingRole, role: null } })).toEqual([]);
  expect(await asked({ images: [{ ecr: null, repository: 'library/nginx' }] })).toEqual([]);
});

test('a policy may end, ask for MFA or name a time: the role is judged by when its task ran, and as a service', async () => {
  const statement = (Effect: string, Condition: object) => ({
    Effect,
    Action: 'ecr:*',
    Resource: '*',
    Condition,
  });
  const decisionsWith = async (...Statement: readonly object[]) => {
    const document = encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement }));
    const ran = { createdAt: '2026-05-04T10:00:00.000Z', stoppedAt: '2026-05-04T10:05:00.000Z' };
    const during = { ...facts, task: { ...facts.task, ...ran } };
    const decisions = await collector.collect(during as never, account(document), undefined as never, null);
    return Array.isArray(decisions) ? decisions[0]?.decision : decisions;
  };
  const from = (time: string) => statement('Allow', { DateGreaterThan: { 'aws:CurrentTime': time } });
  const withoutMfa = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } };

  expect(await decisionsWith(from('2026-05-01T00:00:00Z'))).toBe('allowed');
  expect(await decisionsWith(from('2026-06-01T00:00:00Z'))).toBe('implicitDeny');
  expect(await decisionsWith(from('2026-05-01T00:00:00Z'), statement('Deny', withoutMfa))).toBe(
    'explicitDeny',
  );
});

test('a condition that nobody can judge leaves its action open, and no other', async () => {
  const onEndpoint = (key: string, ...more: readonly object[]) =>
    encodeURIComponent(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'ecr:BatchGetImage',
            Resource: '*',
            Condition: { StringEquals: { [key]: 'vpce-0a1' } },
          },
          ...more,
        ],
      }),
    );

  expect(await collect(account(onEndpoint('aws:SourceVpce')))).toMatchObject([
    { action: 'ecr:GetAuthorizationToken', decision: 'implicitDeny', missingContextValues: [] },
    {
      action: 'ecr:BatchGetImage',
      missingContextValues: ['aws:SourceVpce'],
      layers: { policies: { denies: false, allows: null } },
    },
    { action: 'ecr:GetDownloadUrlForLayer', decision: 'implicitDeny', missingContextValues: [] },
  ]);
  // What no key of a condition leaves open is not known for another reason.
  await expect(
    collect(
      account(
        onEndpoint('aws:RequestedRegion', {
          Effect: 'Allow',
          Action: 'ecr:*',
          Resource: `arn:aws:ecr:*:*:repository/$\{aws:PrincipalTag/team}`,
        }),
      ),
    ),
  ).rejects.toMatchObject({ action: 'iam:SimulatePrincipalPolicy' });
});

const elsewhere = {
  ...facts,
  images: [
    ...facts.images,
    ...facts.images.map(({ ecr, ...one }) => ({ ...one, ecr: { ...ecr, region: 'us-east-1' } })),
  ],
};

test('of images in several Regions each is asked about in its own, and the token in none', async () => {
  const asked: unknown[] = [];
  const read = (async (_: string, { ActionNames, ContextEntries }: never) => {
    const names = (ContextEntries as { ContextKeyName: string; ContextKeyValues: string[] }[]).filter(
      (one) => one.ContextKeyName === 'aws:RequestedRegion',
    );
    asked.push([(ActionNames as string[])[0], ...names.flatMap((one) => one.ContextKeyValues)]);
    return { EvaluationResults: [{ EvalActionName: (ActionNames as string[])[0], EvalDecision: 'allowed' }] };
  }) as unknown as Read;
  await collector.collect(elsewhere as never, read, undefined as never, null);

  expect(asked).toEqual([
    ['ecr:GetAuthorizationToken'],
    ['ecr:BatchGetImage', 'eu-west-1'],
    ['ecr:BatchGetImage', 'us-east-1'],
  ]);
});

test('a policy that gives each Region its own repository lets both through', async () => {
  const given = (region: string) => ({
    Effect: 'Allow',
    Action: 'ecr:*',
    Resource: repository.replace('eu-west-1', region),
    Condition: { StringEquals: { 'aws:RequestedRegion': region } },
  });
  const token = { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' };
  const Statement = [token, given('eu-west-1'), given('us-east-1')];
  const read = account(encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement })));

  const decisions = await collector.collect(elsewhere as never, read, undefined as never, null);

  expect((decisions as readonly { decision: string }[]).map(({ decision }) => decision)).toEqual(
    Array.from({ length: 5 }, () => 'allowed'),
  );
});
