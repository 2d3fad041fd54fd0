import { describe, expect, test } from '@jest/globals';
import { Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { changeActions, lookActions, readActions } from '../../lambda/aws/actions.ts';
import { remediations } from '../../lambda/remediate/index.ts';
import { EcsPullDoctor, type EcsPullDoctorProps, EcsPullDoctorStack, Remediation } from '../../lib/index.ts';
import { timing } from '../../lib/timing.ts';
import { callsOf } from '../support/calls.ts';
import { matches } from './eventbridge-match.ts';
import { actionsOf, app, type Statement, templateOf } from './synth.ts';

const approver = 'arn:aws:iam::111122223333:role/on-call';
const some = {
  remediations: [Remediation.ALLOW_HTTPS_EGRESS, Remediation.RESTORE_ARCHIVED_IMAGE],
  automaticRemediations: [Remediation.RESTORE_ARCHIVED_IMAGE],
  approvers: [approver],
};

function synth(props: EcsPullDoctorProps) {
  const stack = new Stack(app(), 'Stack');
  const doctor = new EcsPullDoctor(stack, 'Doctor', props);
  const made = templateOf(stack);
  /** Statements of the roles whose logical id begins so. */
  const statementsOf = (role: string): Statement[] =>
    Object.values(made.template.findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref.startsWith(role)))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  return { doctor, stack, ...made, statementsOf };
}
const changes = Object.values(changeActions).flat() as string[];

test('the remediations of the construct are those of the program', () => {
  expect(Remediation.all.map(({ id }) => id).toSorted()).toEqual(remediations.map(({ id }) => id).toSorted());
  expect(() => Remediation.called('reboot')).toThrow(
    /'reboot' is no remediation; choose among: allow-https-egress/,
  );
});

test('by default nothing can change anything, and there is one function', () => {
  const { doctor, template } = synth({});

  expect(doctor.remediator).toBeUndefined();
  template.resourceCountIs('AWS::SSM::Document', 0);
  expect(
    actionsOf(templateOf(doctor.node.scope as Stack).statements('AWS::IAM::Policy')).filter((one) =>
      changes.includes(one),
    ),
  ).toEqual([]);
});

describe('the second function', () => {
  const { statementsOf } = synth(some);

  test('may change what the named remediations change, where the owner consents, and nothing else', () => {
    const granted = statementsOf('DoctorRemediatorRole').filter((one) =>
      [one.Action].flat().some((action) => changes.includes(action)),
    );

    expect(actionsOf(granted)).toEqual(
      [...changeActions['allow-https-egress'], ...changeActions['restore-archived-image']].toSorted(),
    );
    for (const { Condition, Resource } of granted) {
      expect(Condition).toEqual({ StringEquals: { 'aws:ResourceTag/ecs-pull-doctor:remediation': 'allow' } });
      expect(Resource).toMatch(/^arn:\*:(?:ec2:\*:\*:security-group|ecr:\*:\*:repository)\/\*$/);
    }
  });

  test('may attach the one policy, to roles whose owner consents', () => {
    const role = synth({
      ...some,
      remediations: [Remediation.ATTACH_EXECUTION_ROLE_POLICY],
      automaticRemediations: [],
    });

    const granted = role
      .statementsOf('DoctorRemediatorRole')
      .find(({ Action }) => [Action].flat().includes('iam:AttachRolePolicy'));

    expect(granted).toMatchObject({
      Action: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
      Condition: {
        StringEquals: { 'iam:ResourceTag/ecs-pull-doctor:remediation': 'allow' },
        ArnLike: { 'iam:PolicyARN': 'arn:*:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy' },
      },
    });
  });

  test('may call exactly what its program calls, with all remediations', async () => {
    const all = synth({ remediations: Remediation.all, approvers: [approver] });
    const calls = await callsOf('lambda/remediation-handler.ts');

    // What it looks at and changes stands in lists of its own, held against the calls in `test/remediate`.
    const expected = new Set<string>([
      ...calls,
      ...readActions,
      ...lookActions,
      ...changes,
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
    expect(actionsOf(all.statementsOf('DoctorRemediatorRole'))).toEqual([...expected].toSorted());
    expect(
      [...expected].filter((one) => /Tag(?:s|Resource|Role)?$|PassRole|\*/.test(one) && !/List/.test(one)),
    ).toEqual([]);
  });

  test('leaves the function that diagnoses without any of it', () => {
    const actions = actionsOf(statementsOf('DoctorRole'));

    expect(actions.length).toBeGreaterThan(30);
    expect(actions.filter((one) => changes.includes(one) || /^ssm:|InvokeFunction/.test(one))).toEqual([]);
  });

  test('knows what it may, and forgets an event that was refused', () => {
    const { all } = synth(some);
    const functions = Object.entries(all('AWS::Lambda::Function'));
    const second = functions.find(([id]) => id.startsWith('DoctorRemediator'))?.[1];

    expect(second?.['Environment'].Variables).toMatchObject({
      REMEDIATIONS: 'allow-https-egress,restore-archived-image',
      AUTOMATIC_REMEDIATIONS: 'restore-archived-image',
      AUTOMATIC_PER_HOUR: '3',
    });
    expect(Object.values(all('AWS::Lambda::EventInvokeConfig'))[0]).toMatchObject({
      MaximumRetryAttempts: 0,
    });
    // The one that diagnoses plans no more than the other may do.
    const first = functions.find(([id]) => id.startsWith('DoctorFunction'))?.[1];
    expect(first?.['Environment'].Variables.REMEDIATIONS).toBe('allow-https-egress,restore-archived-image');
  });
});

describe('the rules', () => {
  const { all } = synth(some);
  const rules = Object.entries(all('AWS::Events::Rule')).filter(([id]) => id.startsWith('DoctorRemediator'));
  const event = (plan: object | undefined) => ({
    source: 'ecs-pull-doctor',
    'detail-type': 'ECS Image Pull Incident',
    detail: { conclusion: 'explained', ...(plan && { plan }) },
  });
  const hit = (plan: object | undefined) =>
    rules
      .filter(([, { EventPattern }]) => EventPattern && matches(EventPattern, event(plan)))
      .map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));

  test('a plan goes to the approvers, or to the function if it needs none; other news to nobody', () => {
    expect(hit({ id: 'a', approval: 'person' })).toEqual(['DoctorRemediatorApprovable']);
    expect(hit({ id: 'a', approval: 'automatic' })).toEqual(['DoctorRemediatorAutomatic']);
    expect(hit(undefined)).toEqual([]);
  });

  test('the approvers are asked with the id and the summary of the plan', () => {
    const target = rules.find(([id]) => id.startsWith('DoctorRemediatorApprovable'))?.[1]['Targets'][0];

    expect(target.InputTransformer).toEqual({
      InputPathsMap: { 'detail-plan-id': '$.detail.plan.id', 'detail-plan-summary': '$.detail.plan.summary' },
      InputTemplate: '{"Plan":[<detail-plan-id>],"Summary":[<detail-plan-summary>]}',
    });
    expect(JSON.stringify(target.Arn)).toContain(':automation-definition/');
  });
});

describe('the document', () => {
  const { all, statementsOf } = synth(some);
  const [document] = Object.values(all('AWS::SSM::Document'));
  const [approve, apply] = document?.['Content'].mainSteps ?? [];

  test('asks the approvers first, and not for longer than a plan is valid', () => {
    expect(approve).toMatchObject({
      action: 'aws:approve',
      onFailure: 'Abort',
      timeoutSeconds: timing.approvalTimeout.toSeconds(),
      inputs: { Approvers: [approver], MinRequiredApprovals: 1 },
    });
    const { Plan, Summary } = document?.['Content'].parameters ?? {};
    expect(Plan.allowedPattern).toBe('^[0-9a-f]{12}$');
    const isTaken = (text: string) => new RegExp(Summary.allowedPattern).test(text);
    expect(isTaken('Allow TCP port 443 out of `sg-0` to `0.0.0.0/0`')).toBe(true);
    expect(isTaken('{{ ssm:/prod/password }}')).toBe(false);
  });

  test('then invokes the function, once, with the plan and who has decided', () => {
    expect(apply).toMatchObject({
      action: 'aws:invokeLambdaFunction',
      maxAttempts: 1,
      onFailure: 'Abort',
      inputs: { InputPayload: { apply: '{{ Plan }}', by: '{{ Approve.ApproverDecisions }}' } },
    });
    expect(JSON.stringify(apply.inputs.FunctionName)).toContain('DoctorRemediatorFunction');
  });

  test('may do that and tell its topic, whose name begins as Systems Manager wants it', () => {
    expect(actionsOf(statementsOf('DoctorRemediatorApprovalRole'))).toEqual([
      'lambda:InvokeFunction',
      'sns:Publish',
    ]);
    const names = Object.values(all('AWS::SNS::Topic')).flatMap(({ TopicName }) => TopicName ?? []);
    expect(names).toEqual([expect.stringMatching(/^Automation/)]);
  });

  test('is started by EventBridge alone, which may start no other', () => {
    const statements = statementsOf('DoctorRemediatorApprovalStarter');

    expect(actionsOf(statements)).toEqual(['iam:PassRole', 'ssm:StartAutomationExecution']);
    const resources = statements.flatMap(({ Resource }) => Resource).map((one) => JSON.stringify(one));
    expect(resources.filter((one) => one.includes('*'))).toEqual([
      expect.stringContaining(':automation-execution/*'),
    ]);
    // Of both names that Systems Manager has had for what it starts, this document's alone.
    for (const kind of [':document/', ':automation-definition/'])
      expect(resources.filter((one) => one.includes(kind))).toEqual([
        expect.stringContaining('"Ref":"DoctorRemediatorApprovalDocument'),
      ]);
  });
});

test.each<[string, EcsPullDoctorProps, RegExp]>([
  [
    'nobody may approve',
    { remediations: [Remediation.ASSIGN_PUBLIC_IP] },
    /nobody may approve assign-public-ip: give approvers/,
  ],
  [
    'a change is automatic that is not named',
    { automaticRemediations: [Remediation.ALLOW_HTTPS_EGRESS] },
    /not in remediations/,
  ],
  [
    'a public address would be given without a person',
    { remediations: [Remediation.ASSIGN_PUBLIC_IP], automaticRemediations: [Remediation.ASSIGN_PUBLIC_IP] },
    /only a person may approve/,
  ],
  ['there is nothing to approve', { approvers: [approver] }, /there is none to approve/],
  [
    'an approver is no principal',
    { remediations: [Remediation.ALLOW_HTTPS_EGRESS], approvers: ['anna'] },
    /approvers contains 'anna'.*looks like/,
  ],
  [
    'there are too many approvers',
    { remediations: [Remediation.ALLOW_HTTPS_EGRESS], approvers: Array.from({ length: 11 }, () => approver) },
    /at most 10/,
  ],
  ['no change may be made in an hour', { ...some, automaticPerHour: 0 }, /automaticPerHour is 0/],
])('it is refused at synthesis that %s', (_, props, message) => {
  expect(() => synth(props)).toThrow(message);
});

test('AwsSolutions of cdk-nag has nothing to say about the stack with every change', () => {
  const one = app();
  const stack = new EcsPullDoctorStack(one, 'Stack', {
    email: 'ops@example.com',
    remediations: Remediation.all.map(({ id }) => id),
    approvers: [approver],
  });
  Validations.of(one).addPlugins(new AwsSolutionsChecks());

  expect(() => one.synth()).not.toThrow();
  const outputs = Object.keys(templateOf(stack).template.findOutputs('*'));
  expect(outputs).toEqual(expect.arrayContaining(['UndoChange', 'ApprovalTopicArn']));
});
