import { expect, test } from '@jest/globals';
import { diagnose } from '../../lambda/diagnose.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import { formats, type Render } from '../../lambda/render/index.ts';
import { problemsOf } from '../../lambda/render/outline.ts';
import { byHandText } from '../../lambda/render/plan.ts';
import { snapshotOf } from '../support/snapshots.ts';

const denial =
  'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1: unexpected status from HEAD request: 403 Forbidden: User: arn:aws:sts::111122223333:assumed-role/ecsTaskExecutionRole/0123 is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:111122223333:repository/team/web because no identity-based policy allows the ecr:BatchGetImage action';

/** The role lacks an action, as AWS says, and the policy of the endpoint behind it denies it too. */
function twoPolicies(): Diagnosis {
  const snapshot = snapshotOf('endpoint-policy-of-registry');
  const task = snapshot.facts.task.value;
  const containers = task.containers.map((one) => ({ ...one, reason: null }));
  return diagnose({
    ...snapshot,
    facts: {
      ...snapshot.facts,
      task: { status: 'known', value: { ...task, stoppedReason: denial, containers } },
    },
  });
}

const role = 'aws iam attach-role-policy';
const endpoint = /aws ec2 (?:modify-vpc-endpoint|describe-vpc-endpoints)/;

test.each(['terminal', 'email', 'html', 'chat'] as const)(
  'what the error does not name, and what stops the next pull, is said with what mends it: %s',
  (format) => {
    const diagnosis = twoPolicies();
    expect(diagnosis.causes.map(({ check }) => check.id)).toEqual(['execution-role-cannot-pull']);
    expect(diagnosis.otherProblems.map(({ check }) => check.id)).toEqual(['endpoint-policy-denies-pull']);

    const render: Render = formats[format];
    const page = render(diagnosis);
    const text = format === 'chat' ? JSON.parse(page).content.description : page.replace(/<[^>]*>/g, '');
    const said = text.search(/in the way of the next pull: the policy of a VPC endpoint/i);
    expect(said).toBeGreaterThan(text.indexOf(role));
    expect(text.slice(said)).toMatch(endpoint);
    // Each command once, below what it mends.
    expect(text.split(role)).toHaveLength(2);
  },
);

test('a chat says in words what the commands of a second cause do', () => {
  const { description, nextSteps } = JSON.parse(formats.chat(twoPolicies())).content;

  expect(nextSteps).toHaveLength(1);
  expect(nextSteps[0]).toContain('AmazonECSTaskExecutionRolePolicy');
  expect(description).toMatch(/• .*the policy of `vpce-/);
});

test('what is left to a person holds both', () => {
  const text = byHandText(twoPolicies());

  expect(text).toContain(role);
  expect(text).toMatch(endpoint);
});

test('what is likely only, or one too many, is told in a line; what a packet meets stands before what it does not', () => {
  const [problem] = twoPolicies().otherProblems;
  if (!problem) throw new Error('there must be one');
  const { hop: _, ...noHop } = problem;
  const all = [
    noHop,
    { ...problem, hop: 5 },
    { ...problem, certainty: 'likely' as const },
    { ...problem, hop: 2 },
    { ...noHop, closes: [] },
    { ...problem, hop: 9 },
  ];
  const { inTheWay, beside } = problemsOf({ otherProblems: all });

  expect(inTheWay.map(({ hop }) => hop)).toEqual([2, 5, 9]);
  expect(beside).toEqual([all[0], all[2], all[4]]);
});
