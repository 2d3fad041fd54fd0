import { expect, test } from '@jest/globals';
import { stoppedTaskEvent } from './event.ts';
import { must } from './must.ts';
import { type PolicyLayer, policyLayers } from './policy-layers.ts';
import { preflightOf } from './preflight-of.ts';
import { diagnoseEvent, readerOf, unansweredIn } from './product.ts';
import { manifestDenied } from './texts.ts';
import { buildWorld } from './world.ts';

const pairs = policyLayers.flatMap((first, index) =>
  policyLayers.slice(index + 1).map((second) => [first, second] as const),
);
// A role has one boundary.
const possible = pairs.filter((pair) => pair.some(({ name }) => !name.startsWith('the boundary')));

test.each(possible.map((pair) => ({ title: pair.map(({ name }) => name).join(', and '), pair })))(
  '$title: both are said, and what is said mends both',
  async ({ pair }) => {
    const world = await buildWorld('privatelink');
    for (const layer of pair) await layer.break(world);
    const text = must(manifestDenied('')[0]).of(world);
    const { diagnosis, snapshot } = must(
      await diagnoseEvent(stoppedTaskEvent(world, text), readerOf(world.aws.region)),
    );

    expect(unansweredIn(snapshot)).toEqual([]);
    expect(diagnosis.crashed).toEqual([]);
    expect(diagnosis.conclusion).toBe('explained');
    const findings = [...diagnosis.causes, ...diagnosis.otherProblems];
    expect(findings.map(({ check }) => check.id).toSorted()).toEqual(idsOf(pair));
    for (const { check, evidence, fix } of pair) {
      const finding = must(findings.find((one) => one.check.id === check));
      expect(finding.evidence.join('\n')).toContain(evidence);
      expect(finding.fixes.filter(({ do: what }) => fix.test(what))).toHaveLength(1);
    }
    const fixes = findings.flatMap((finding) => finding.fixes);
    // Nothing that is not broken is to be changed.
    expect(fixes).toHaveLength(2);
    for (const layer of pair)
      await layer.mend(world, must(fixes.find(({ do: what }) => layer.fix.test(what))));
    const after = await preflightOf(world);
    expect([...after.blocking, ...after.likely].map(({ check }) => check.id)).toEqual([]);
  },
);

const idsOf = (pair: readonly PolicyLayer[]) => [...new Set(pair.map(({ check }) => check))].toSorted();
