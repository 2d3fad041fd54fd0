import { afterAll, describe, expect, test } from '@jest/globals';
import { stoppedTaskEvent } from './event.ts';
import { must } from './must.ts';
import { diagnoseEvent, readerOf } from './product.ts';
import { manifestDenied, tokenTimeout, umbrella } from './texts.ts';
import { executionRolePolicy } from './workload.ts';
import { buildWorld } from './world.ts';

/**
 * Accounts as moto alone shows them: prefix lists without blocks, no simulation of policies, no pull-through cache, no DNS
 * firewall. What is not answered must neither be blamed nor hide what is broken.
 */
describe('without the stand-in', () => {
  const standIn = process.env['AWS_ENDPOINT_URL'];
  afterAll(() => {
    process.env['AWS_ENDPOINT_URL'] = standIn;
  });

  const seenByMoto = async (region: string, event: object) => {
    process.env['AWS_ENDPOINT_URL'] = must(process.env['MOTO_URL']);
    try {
      const { diagnosis } = must(await diagnoseEvent(event, readerOf(region)));
      return diagnosis;
    } finally {
      process.env['AWS_ENDPOINT_URL'] = standIn;
    }
  };

  test.each(['public', 'private-nat', 'privatelink'] as const)('a healthy world (%s)', async (kind) => {
    const world = await buildWorld(kind);
    const at = kind === 'privatelink' ? 'endpoint' : 'public';
    for (const text of [tokenTimeout(at)[0], manifestDenied('')[0], umbrella[0]]) {
      const diagnosis = await seenByMoto(world.aws.region, stoppedTaskEvent(world, must(text).of(world)));

      expect([...diagnosis.causes, ...diagnosis.otherProblems, ...diagnosis.crashed]).toEqual([]);
    }
  });

  test('a role that may not read the manifest', async () => {
    const world = await buildWorld('private-nat');
    const RoleName = world.name;
    await world.aws.iam.detachRolePolicy({ RoleName, PolicyArn: executionRolePolicy });
    await world.aws.iam.putRolePolicy({
      RoleName,
      PolicyName: 'token',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
      }),
    });

    const { causes } = await seenByMoto(
      world.aws.region,
      stoppedTaskEvent(world, must(manifestDenied('')[0]).of(world)),
    );

    expect(causes.map(({ check, resources }) => [check.id, resources[0]])).toEqual([
      ['execution-role-cannot-pull', world.roleArn],
    ]);
  });
});
