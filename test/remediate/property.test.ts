import { expect, test } from '@jest/globals';
import { apply, undo } from '../../lambda/remediate/execute.ts';
import fc from '../support/fast-check.ts';
import { incidents, labOf } from './lab.ts';

const ports = fc.constantFrom([22, 22], [80, 80], [443, 443], [0, 65_535]);
const peer = fc.constantFrom('10.0.0.0/8', '10.0.1.0/24', '192.168.0.0/16');
const rule = fc.record({
  ports,
  peer,
  text: fc.constantFrom('by hand', 'ecs-pull-doctor', 'ecs-pull-doctor 127d3984bf05'),
});
const world = fc.record({
  incident: fc.constantFrom(...Object.values(incidents)),
  rules: fc.array(fc.record({ group: fc.nat(3), egress: fc.boolean(), rule }), { maxLength: 6 }),
  attached: fc.subarray(['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::111122223333:policy/team']),
  otherImages: fc.nat(3),
});

test('apply then undo leaves any world as it was', async () => {
  let applied = 0;
  await fc.assert(
    fc.asyncProperty(world, async ({ incident, rules, attached, otherImages }) => {
      const lab = labOf(incident, (account, more) => {
        for (const {
          group,
          egress,
          rule: {
            ports: [FromPort, ToPort],
            peer: CidrIp,
            text,
          },
        } of rules)
          account.SecurityGroups[group % account.SecurityGroups.length]?.[
            egress ? 'IpPermissionsEgress' : 'IpPermissions'
          ].push({
            IpProtocol: 'tcp',
            FromPort,
            ToPort,
            IpRanges: [{ CidrIp, Description: text }],
          });
        more.attached = attached;
        for (let at = 0; at < otherImages; at += 1)
          account.images['team/web']?.push({
            imageDigest: `sha256:${`${at}e`.repeat(32)}`,
            imageTags: [`old${at}`],
            imageStatus: 'ARCHIVED',
          });
      });
      const before = lab.settings();
      const [plan] = await lab.plans();
      if (!plan) return;
      applied += 1;

      const run = await apply(plan, 'anna', lab.plans, lab.tools);

      expect(run.status).toBe('applied');
      expect((await undo(run, lab.tools)).status).toBe('undone');
      expect(lab.settings()).toEqual(before);
    }),
    { numRuns: 60 },
  );
  // Most of the worlds are broken in a way that there is a plan for.
  expect(applied).toBeGreaterThan(30);
});
