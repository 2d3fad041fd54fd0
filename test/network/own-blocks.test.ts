import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../lambda/diagnose.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import { isOfVpc, mayConcern } from '../../lambda/network/own-blocks.ts';
import { internet } from '../../lambda/network/route-table.ts';
import { known, refused } from '../support/asking.ts';
import { snapshotOf } from '../support/snapshots.ts';
import { inTurn } from '../support/whole.ts';
import { notOpen, pathIn } from './hops.ts';

/** What is concluded, without words: they hold addresses. */
const said = ({ conclusion, causes, suspects, otherProblems, ruledOut, paths, mending }: Diagnosis) => ({
  conclusion,
  found: [causes, otherProblems].map((findings) =>
    findings.map(({ check, certainty, resources }) => [check.id, certainty, ...resources]),
  ),
  doubted: suspects.map(({ check, status }) => [check.id, status]),
  ruledOut: ruledOut.map(({ check }) => check.id),
  ways: paths.map(({ addresses, hops }) => [
    addresses,
    ...hops.map(({ check, verdict }) => [check, verdict]),
  ]),
  opens: mending?.opens,
});

describe('a VPC whose block belongs to somebody on the internet is a VPC like any other', () => {
  test.each(inTurn(readdirSync(`${__dirname}/../scenarios`), 3, 0))('%s', (name) => {
    const snapshot = snapshotOf(name);
    // Amazon S3 has no address in it: such addresses would lead into the VPC, and that is known.
    const renumbered = JSON.parse(
      JSON.stringify(snapshot).replace(/(?<![\d.])10\.0\.(?!0\.0\/8)/g, '51.10.'),
    );

    expect(JSON.parse(JSON.stringify(said(diagnose(renumbered))).replace(/51\.10\./g, '10.0.'))).toEqual(
      JSON.parse(JSON.stringify(said(diagnose(snapshot)))),
    );
  });
});

const local = (destination: string) =>
  [
    'route added',
    { table: 'rtb-0task', destination, target: 'local', state: 'active', propagated: false },
  ] as const;
const ofVpc = (block: string) => ({
  vpc: (vpc: { readonly cidrBlocks: readonly string[] }) => ({
    ...vpc,
    cidrBlocks: [...vpc.cidrBlocks, block],
  }),
});

test('an address that was dialled within it leads to what stands there', () => {
  const situation = { changes: [local('51.10.0.0/16')], edit: ofVpc('51.10.0.0/16') };

  expect(notOpen(pathIn(situation)?.hops)).toBe('');
  expect(notOpen(pathIn({ ...situation, error: { step: 'token', address: '51.10.7.7' } })?.hops)).toBe(
    'unknown no-route-to-registry',
  );
});

describe('a block is one of the VPC', () => {
  const unseen = { vpc: refused, vpcSubnets: refused, subnets: refused };
  const cases: readonly [string, Partial<Record<keyof typeof unseen, unknown>>, boolean][] = [
    ['by a block of the VPC', { vpc: known({ cidrBlocks: ['10.0.0.0/16', '51.10.0.0/16'] }) }, true],
    [
      'by one of its subnets',
      { vpcSubnets: known([{ cidrBlock: null }, { cidrBlock: '51.10.0.0/16' }]) },
      true,
    ],
    ['by a subnet of the task', { subnets: known([{ cidrBlock: '51.10.1.0/24' }]) }, true],
    ['not by other blocks', { vpc: known({ cidrBlocks: ['10.0.0.0/16'] }) }, false],
    ['not where nobody shows any', {}, false],
  ];

  test.each(cases)('%s', (_, shown, is) => {
    expect(isOfVpc('51.10.1.0/24', { ...unseen, ...shown } as never)).toBe(is);
  });

  test('and may concern all packets but those to the internet', () => {
    const facts = { ...unseen, vpc: known({ cidrBlocks: ['51.10.0.0/16'] }) } as never;
    const concerned = (packetsTo: readonly string[]) => mayConcern(packetsTo, facts)('51.10.1.0/24');

    expect([concerned(['0.0.0.0/0']), concerned(internet), concerned(['51.10.1.4/32', ...internet])]).toEqual(
      [true, false, false],
    );
    expect(concerned(['51.10.1.4/32'])).toBe(true);
    expect(mayConcern(internet, facts)('52.0.0.0/8')).toBe(true);
  });
});
