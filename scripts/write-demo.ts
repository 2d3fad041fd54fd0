// Writes the bundled incidents of `demo` from the accounts that the tests use: npm run demo:write
import { writeFileSync } from 'node:fs';
import { type Recorded, recording } from '../bin/demo/recorded-answers.ts';
import { collect } from '../lambda/collect/collect.ts';
import { stoppedTask } from '../lambda/event.ts';
import { fakeAws } from '../test/support/account.ts';
import { scenarios } from '../test/support/scenario-list.ts';

const stories: Readonly<Record<string, { name: string; story: string }>> = {
  'endpoint-for-layers-on-another-table': {
    name: 'layers',
    story: 'the S3 gateway endpoint is on the wrong route table',
  },
  'nat-gateway-deleted': { name: 'nat', story: 'somebody deleted the NAT gateway' },
  'lifecycle-took-image': {
    name: 'lifecycle',
    story: 'a lifecycle rule removed the image that the service still runs',
  },
  'public-subnet-without-public-ip': {
    name: 'public-ip',
    story: 'a new service in a public subnet without a public IP address',
  },
  'role-limited-by-boundary': { name: 'boundary', story: 'a permissions boundary that forgets Amazon ECR' },
};

const collectedAt = '2026-11-20T03:04:10.000Z';

async function incident([scenario, { name, story }]: [string, { name: string; story: string }]) {
  const found = scenarios.find((one) => one.name === scenario);
  const task = found && stoppedTask(found.event);
  if (!found || !task) throw new Error(`there is no scenario ${scenario}`);
  const account = found.world();
  found.breaks?.(account);
  const answers: Recorded[] = [];
  await collect(task, recording(fakeAws(account), answers), new Date(collectedAt));
  return { name, story, collectedAt, event: found.event, answers };
}

async function main() {
  const incidents = await Promise.all(Object.entries(stories).map(incident));
  writeFileSync(`${__dirname}/../bin/demo/incidents.json`, `${JSON.stringify(incidents, null, 1)}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
