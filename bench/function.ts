// The function as it is deployed: how fast it starts, and how long one record takes when every call to AWS takes its time.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsStandIn } from '../test/bundle/aws-stand-in.ts';
import { buildBoth, importTimes, sizeOf, startBundle } from '../test/bundle/bundles.ts';
import { scenarios } from '../test/support/scenario-list.ts';
import { callTime } from './slow.ts';

const rounds = 9;

/** Prints the measurements, and gives the number of missed goals. */
export async function functionOf(): Promise<number> {
  const bundles = buildBoth();
  try {
    const missed = startsOf(bundles);
    await recordsOf(bundles.deployed);
    return missed;
  } finally {
    bundles.remove();
  }
}

/** docs/decisions/0012: the size is told and has no goal that could be missed by a new check. */
function startsOf({ deployed, plain }: ReturnType<typeof buildBoth>): number {
  const folder = mkdtempSync(join(tmpdir(), 'empty-'));
  const empty = join(folder, 'index.js');
  writeFileSync(empty, 'exports.handler = async () => {};\n');
  const files = { 'empty handler': empty, 'deployed bundle': deployed, 'plain bundle': plain };
  const times = importTimes(Object.values(files), rounds);
  const sizes = Object.values(files).map(sizeOf);
  rmSync(folder, { recursive: true });

  console.log(`\nImport in a fresh process, the best of ${rounds}:\n`);
  for (const [at, name] of Object.keys(files).entries())
    console.log(
      `${name.padEnd(26)}${`${times[at]?.toFixed(1)} ms`.padStart(12)}${`${sizes[at]?.toFixed(0)} KiB`.padStart(12)}`,
    );
  const [, ours = 0, theirs = 0] = times;
  const isMissed = ours > theirs / 4;
  console.log(
    `${'deployed / plain'.padEnd(26)}${(ours / theirs).toFixed(3).padStart(12)}   goal 0.250${isMissed ? ', missed' : ''}`,
  );
  return Number(isMissed);
}

/** From the record in to the answer out: diagnosed, kept, told and announced. The first of a process opens its connections. */
async function recordsOf(bundle: string): Promise<void> {
  const aws = await awsStandIn(callTime);
  const { run, stop } = await startBundle(bundle, aws.url, aws.table, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    REGISTRIES: 'none',
  });
  console.log(`\nOne record, end to end in a warm process; every call takes ${callTime} ms:\n`);
  for (const name of ['tag-missing', 'nat-gateway-deleted', 'endpoint-group-closed', 'ec2-without-route']) {
    const scenario = scenarios.find((one) => one.name === name);
    if (!scenario) throw new Error(`there is no incident ${name}`);
    const { world, breaks, event } = scenario;
    const account = world();
    breaks?.(account);
    const record = { messageId: 'm', body: JSON.stringify(event), attributes: {} };
    await aws.standFor(account);
    await run({ Records: [record] });
    await aws.standFor(account);
    const started = performance.now();
    await run({ Records: [record] });
    const took = performance.now() - started;
    if (!aws.requests().some(({ body }) => body?.startsWith('Action=Publish')))
      throw new Error(`the function told nothing of ${name}`);
    console.log(
      `${name.padEnd(26)}${`${took.toFixed(0)} ms`.padStart(12)}${(took / callTime).toFixed(2).padStart(8)} round trips${String(aws.requests().length).padStart(6)} calls`,
    );
  }
  stop();
  aws.stop();
}
