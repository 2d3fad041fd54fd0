// Writes the bundled incidents of `demo` from the accounts that the tests use: npm run demo:write
import { writeFileSync } from 'node:fs';
import { type Recorded, recording } from '../bin/demo/recorded-answers.ts';
import type { ReadAction } from '../lambda/aws/actions.ts';
import type { Read } from '../lambda/aws/api.ts';
import { CallFailed } from '../lambda/aws/call-failed.ts';
import { collect } from '../lambda/collect/collect.ts';
import { stoppedTask } from '../lambda/event.ts';
import { fakeAws } from '../test/support/account.ts';
import { scenarios } from '../test/support/scenario-list.ts';

interface Story {
  readonly scenario: string;
  readonly name: string;
  readonly story: string;
  /** A call that AWS refuses to who looks. */
  readonly refused?: ReadAction;
}

const stories: readonly Story[] = [
  {
    scenario: 'endpoint-for-layers-on-another-table',
    name: 'layers',
    story: 'the S3 gateway endpoint is on the wrong route table',
  },
  { scenario: 'nat-gateway-deleted', name: 'nat', story: 'somebody deleted the NAT gateway' },
  {
    scenario: 'lifecycle-took-image',
    name: 'lifecycle',
    story: 'a lifecycle rule removed the image that the service still runs',
  },
  {
    scenario: 'public-subnet-without-public-ip',
    name: 'public-ip',
    story: 'a new service in a public subnet without a public IP address',
  },
  {
    scenario: 'role-limited-by-boundary',
    name: 'boundary',
    story: 'a permissions boundary that forgets Amazon ECR',
  },
  {
    scenario: 'nat-gateway-deleted',
    name: 'refused',
    story: 'somebody deleted the NAT gateway, and who looks may not read route tables',
    refused: 'ec2:DescribeRouteTables',
  },
];

const collectedAt = '2026-11-20T03:04:10.000Z';

async function incident({ scenario, name, story, refused }: Story) {
  const found = scenarios.find((one) => one.name === scenario);
  const task = found && stoppedTask(found.event);
  if (!found || !task) throw new Error(`there is no scenario ${scenario}`);
  const account = found.world();
  found.breaks?.(account);
  const answers: Recorded[] = [];
  const read = fakeAws(account);
  const allowed = (async (action: ReadAction, input: never, region?: string) => {
    if (action === refused) throw new CallFailed(action, 'UnauthorizedOperation', 'refused');
    return read(action, input, region);
  }) as Read;
  await collect(task, recording(allowed, answers), new Date(collectedAt));
  return { name, story, collectedAt, event: found.event, answers };
}

async function main() {
  const incidents = await Promise.all(stories.map(incident));
  writeFileSync(`${__dirname}/../bin/demo/incidents.json`, `${JSON.stringify(incidents, null, 1)}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
