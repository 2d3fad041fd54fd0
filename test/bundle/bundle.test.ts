import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Account } from '../support/account.ts';
import { type Scenario, scenarios } from '../support/scenario-list.ts';
import { natWorld, stoppedEvent, texts } from '../support/worlds.ts';
import { awsStandIn } from './aws-stand-in.ts';
import { buildBoth, importTimes, sizeOf, startBundle } from './bundles.ts';

jest.setTimeout(60_000);

const records = (event: unknown) => ({
  Records: [{ messageId: 'm', body: JSON.stringify(event), attributes: { ApproximateReceiveCount: '1' } }],
});

/** AWS refuses some calls: what the function knows of an error is its name, which not every service spells as the SDK does. */
const refusal = (name: string, text: string, refused: Account['refused']): Scenario => ({
  name,
  world: natWorld,
  breaks: (account) => Object.assign(account.refused, refused),
  event: stoppedEvent({ text }),
  cause: null,
});
const refusals: readonly Scenario[] = [
  refusal('calls that are refused', texts.forbidden, {
    'ec2:DescribeSubnets': 'UnauthorizedOperation',
    'ecs:DescribeServices': 'AccessDeniedException',
    'ecr:DescribeImages': 'AccessDeniedException',
    'iam:SimulatePrincipalPolicy': 'AccessDenied',
    'sts:GetCallerIdentity': 'ExpiredToken',
  }),
  refusal('a role that cannot be read', texts.cannotAssume, { 'iam:GetRole': 'ServiceFailureException' }),
];

let bundles: ReturnType<typeof buildBoth>;
type Side = {
  readonly aws: Awaited<ReturnType<typeof awsStandIn>>;
  readonly run: Bundle['run'];
  stop(): void;
};
type Bundle = Awaited<ReturnType<typeof startBundle>>;
let deployed: Side;
let plain: Side;

/** A bundle at work, in an account of its own. */
async function sideOf(file: string): Promise<Side> {
  const aws = await awsStandIn();
  const bundle = await startBundle(file, aws.url, aws.table, { REGISTRIES: 'none' });
  return {
    aws,
    run: bundle.run,
    stop: () => {
      bundle.stop();
      aws.stop();
    },
  };
}

beforeAll(async () => {
  bundles = buildBoth();
  deployed = await sideOf(bundles.deployed);
  plain = await sideOf(bundles.plain);
});
afterAll(() => {
  deployed?.stop();
  plain?.stop();
  bundles?.remove();
});

async function outcome({ aws, run }: Side, { world, breaks, event }: Scenario) {
  const account = world();
  breaks?.(account);
  await aws.standFor(account);
  const answer = await run(records(event));
  return { answer, requests: aws.requests() };
}

/** What registries outside Amazon ECR say is not AWS's: tests of their own ask them. */
const ofAws = scenarios.filter(({ world, breaks }) => {
  const account = world();
  breaks?.(account);
  return Object.keys(account.registries).length === 0;
});

test.each([...ofAws, ...refusals])(
  'the deployed bundle asks, keeps and tells what the plain one does: $name',
  async (scenario) => {
    const [byDeployed, byPlain] = await Promise.all([outcome(deployed, scenario), outcome(plain, scenario)]);

    expect(byDeployed).toEqual(byPlain);
    expect(byDeployed.answer).toEqual({ result: { batchItemFailures: [] } });
    const published = byDeployed.requests.filter((request) => request['body']?.startsWith('Action=Publish'));
    expect(published).toHaveLength(1);
    expect(published[0]?.['body']).toContain(
      scenario.cause ? `\\"causes\\":[{\\"check\\":{\\"id\\":\\"${scenario.cause}\\"` : '\\"causes\\":[]',
    );
  },
);

test('the deployed bundle is small, and loads in a quarter of the time', () => {
  const [small = 0, large = 0] = importTimes([bundles.deployed, bundles.plain], 3);

  // docs/decisions/0012 says what fills it.
  expect(sizeOf(bundles.deployed)).toBeLessThan(690);
  expect(small).toBeLessThan(large / 4);
});
