// npm run bench: how many round trips and calls a diagnosis takes, as ratios of one run. The goals are those of
// docs/decisions/0003: at most 3.5 round trips on Fargate and 4.5 on EC2, 25 calls, 4 more per further image, 40 at the most.
import { collect } from '../lambda/collect/collect.ts';
import { diagnose } from '../lambda/diagnose.ts';
import { stoppedTask } from '../lambda/event.ts';
import type { Account } from '../test/support/account.ts';
import { fakeAws } from '../test/support/account.ts';
import {
  ec2World,
  image,
  natWorld,
  privateLinkWorld,
  publicWorld,
  stoppedEvent,
  texts,
} from '../test/support/worlds.ts';
import { functionOf } from './function.ts';
import { callTime, slow } from './slow.ts';
import { stormsOf } from './storms.ts';

interface Case {
  readonly name: string;
  readonly account: Account;
  readonly event: unknown;
  readonly roundTrips: number;
  readonly calls: number;
}

const threeImages = () => {
  const account = natWorld();
  for (const name of ['team/api', 'team/job']) {
    account.repositories[name] = account.repositories['team/web'] ?? {};
    account.images[name] = account.images['team/web'] ?? [];
  }
  const containers = ['web', 'api', 'job'].map((name) => ({ name, image: image.replace('web', name) }));
  return { account, event: stoppedEvent({ text: texts.umbrella, detail: { containers } }) };
};

const missingImage = () => {
  const account = natWorld();
  account.images['team/web'] = [];
  return account;
};

const cases: readonly Case[] = [
  {
    name: 'Fargate, public subnet',
    account: publicWorld(),
    event: stoppedEvent({ text: texts.tokenTimeout }),
    roundTrips: 3.5,
    calls: 25,
  },
  {
    name: 'Fargate, NAT gateway',
    account: natWorld(),
    event: stoppedEvent({ text: texts.tokenTimeout }),
    roundTrips: 3.5,
    calls: 25,
  },
  {
    name: 'Fargate, VPC endpoints',
    account: privateLinkWorld(),
    event: stoppedEvent({ text: texts.tokenTimeoutAtEndpoint }),
    roundTrips: 3.5,
    calls: 25,
  },
  {
    name: 'Fargate, image missing',
    account: missingImage(),
    event: stoppedEvent({ text: texts.notFound }),
    roundTrips: 3.5,
    calls: 25,
  },
  {
    name: 'EC2',
    account: ec2World(),
    event: stoppedEvent({ text: texts.onInstance, on: 'ec2' }),
    roundTrips: 4.5,
    calls: 25,
  },
  { name: 'Fargate, three images', ...threeImages(), roundTrips: 3.5, calls: 33 },
];

async function main() {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  console.log(
    `A call takes ${callTime} ms. Round trips = time from the first call to the last answer / ${callTime} ms.\n`,
  );
  console.log(
    `${'case'.padEnd(26)}${'round trips'.padStart(12)}${'goal'.padStart(7)}${'calls'.padStart(8)}${'goal'.padStart(6)}${'diagnose/collect'.padStart(18)}`,
  );
  let missed = 0;
  for (const { name, account, event, roundTrips, calls: callGoal } of cases) {
    const task = stoppedTask(event);
    if (!task) throw new Error(`the case ${name} is no failed pull`);
    const calls: string[] = [];
    const started = performance.now();
    const snapshot = await collect(task, slow(fakeAws(account, calls)), new Date(0));
    const collected = performance.now();
    diagnose(snapshot);
    const diagnosed = performance.now();
    const trips = (collected - started) / callTime;
    const isMissed = trips > roundTrips || calls.length > callGoal;
    missed += Number(isMissed);
    console.log(
      `${name.padEnd(26)}${trips.toFixed(2).padStart(12)}${String(roundTrips).padStart(7)}${String(calls.length).padStart(8)}${String(callGoal).padStart(6)}${((diagnosed - collected) / (collected - started)).toFixed(3).padStart(18)}${isMissed ? '   goal missed' : ''}`,
    );
  }
  missed += await stormsOf();
  missed += await functionOf();
  console.log(missed === 0 ? '\nAll goals are met.' : `\n${missed} goals are missed.`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
