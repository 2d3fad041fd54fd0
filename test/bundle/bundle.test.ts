import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Account } from '../support/account.ts';
import { ec2World, natWorld, privateLinkWorld, stoppedEvent, texts } from '../support/worlds.ts';
import { awsStandIn } from './aws-stand-in.ts';
import { buildBoth, importTimes, sizeOf, startBundle } from './bundles.ts';

jest.setTimeout(60_000);

const broken = (account: Account, change: (account: Account) => void) => {
  change(account);
  return account;
};
const records = (...events: readonly object[]) => ({
  Records: events.map((event, at) => ({
    messageId: `m${at}`,
    body: JSON.stringify(event),
    attributes: { ApproximateReceiveCount: '1' },
  })),
});

/** Every client, typed errors of every protocol, and answers of some size. */
const cases: readonly (readonly [string, Account, object, string])[] = [
  [
    'a NAT gateway that is gone',
    broken(natWorld(), (account) => {
      account.NatGateways = [];
      for (const { Routes } of account.RouteTables)
        for (const route of Routes) if (route['NatGatewayId']) route['State'] = 'blackhole';
    }),
    stoppedEvent({ text: texts.manifestTimeout }),
    'nat-gateway-unusable',
  ],
  [
    'an image that is missing',
    broken(natWorld(), (account) => {
      account.images['team/web'] = [];
    }),
    stoppedEvent({ text: texts.notFound }),
    'image-not-found',
  ],
  [
    'a role that is missing',
    broken(natWorld(), (account) => {
      account.role = null;
    }),
    stoppedEvent({ text: texts.cannotAssume }),
    'execution-role-missing',
  ],
  [
    'a closed endpoint',
    broken(privateLinkWorld(), (account) => {
      for (const group of account.SecurityGroups)
        if (group.GroupId === 'sg-0endpoints') group.IpPermissions = [];
    }),
    stoppedEvent({ text: texts.tokenTimeoutAtEndpoint }),
    'endpoint-security-group-closed',
  ],
  [
    'an instance without a way out',
    broken(ec2World(), (account) => {
      for (const group of account.SecurityGroups)
        if (group.GroupId === 'sg-0instance') group.IpPermissionsEgress = [];
    }),
    stoppedEvent({ text: texts.onInstance, on: 'ec2' }),
    'task-security-group-closed',
  ],
  [
    'calls that are refused',
    broken(natWorld(), (account) => {
      for (const action of [
        'ec2:DescribeSubnets',
        'ecs:DescribeServices',
        'ecr:DescribeImages',
        'iam:GetRole',
        'sts:GetCallerIdentity',
      ])
        account.refused[action] = 'AccessDeniedException';
    }),
    stoppedEvent({ text: texts.forbidden }),
    '"conclusion":"suspected"',
  ],
];

let bundles: ReturnType<typeof buildBoth>;
let aws: Awaited<ReturnType<typeof awsStandIn>>;
let deployed: Awaited<ReturnType<typeof startBundle>>;
let plain: Awaited<ReturnType<typeof startBundle>>;

beforeAll(async () => {
  bundles = buildBoth();
  aws = await awsStandIn();
  deployed = await startBundle(bundles.deployed, aws.url, aws.table);
  plain = await startBundle(bundles.plain, aws.url, aws.table);
});
afterAll(() => {
  deployed?.stop();
  plain?.stop();
  aws?.stop();
  bundles?.remove();
});

async function outcome(bundle: typeof plain, account: Account, event: object) {
  await aws.standFor(account);
  const answer = await bundle.run(event);
  return { answer, requests: aws.requests() };
}

describe('the deployed bundle sends and tells what the plain one does', () => {
  test.each(cases)('about %s', async (_, account, event, told) => {
    const byPlain = await outcome(plain, account, records(event));
    const byDeployed = await outcome(deployed, account, records(event));

    expect(byDeployed).toEqual(byPlain);
    expect(byDeployed.answer).toEqual({ result: { batchItemFailures: [] } });
    const published = byDeployed.requests.filter((request) => request['body']?.startsWith('Action=Publish'));
    expect(published).toHaveLength(1);
    expect(published[0]?.['body']).toContain(told.replaceAll('"', '\\"'));
  });
});

test('the deployed bundle is small, and loads in a part of the time', () => {
  const [small = 0, large = 0] = importTimes([bundles.deployed, bundles.plain], 3);

  expect(sizeOf(bundles.deployed)).toBeLessThan(800);
  expect(sizeOf(bundles.deployed)).toBeLessThan(sizeOf(bundles.plain) / 6);
  // A quarter is the goal, and less the rule; a busy machine may need more.
  expect(small).toBeLessThan(large / 2);
});
