import { expect, test } from '@jest/globals';
import { checks } from '../../lambda/checks/index.ts';
import { derive, diagnose } from '../../lambda/diagnose.ts';
import { examine } from '../../lambda/examine.ts';
import type { Found, Result } from '../../lambda/model/check.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import type { CollectedFacts, FactName, Facts, Snapshot } from '../../lambda/model/facts.ts';
import { pathsOf } from '../../lambda/network/walk.ts';
import fc from '../support/fast-check.ts';
import { sampled } from '../support/whole.ts';
import { texts } from '../support/worlds.ts';
import { errorOf, verdictOf } from './agreement.ts';
import { collected, factsOf, recipes } from './random-network.ts';

// `NETWORKS=100000 npx jest test/network` tries more of them.
const numRuns = Number(process.env['NETWORKS'] ?? sampled(300));

const text = fc.constantFrom(
  texts.umbrella,
  texts.tokenTimeout,
  texts.manifestTimeout,
  texts.manifestTimeoutAtEndpoint,
  texts.layerTimeout,
  texts.noSuchHost,
  'ResourceInitializationError: unable to pull secrets or registry auth',
);
const snapshotOf = (facts: Facts, said: string): Snapshot => ({
  schemaVersion: 1,
  collectedAt: '2026-11-20T03:04:10.000Z',
  facts: collected({ ...facts, task: { ...facts.task, stoppedReason: said } }),
});

const anywhere = { protocol: '-1', ports: null, peer: '0.0.0.0/0' };
const allowed = (egress: boolean) => ({
  ruleNumber: 1,
  egress,
  protocol: '-1',
  action: 'allow' as const,
  cidrBlock: '0.0.0.0/0',
  ports: null,
});
const each = <T>(items: readonly T[], change: (item: T) => Partial<T>): readonly T[] =>
  items.map((item) => ({ ...item, ...change(item) }));

/** Everything that lets more packets through than before, and changes no name. */
const openings: Readonly<Record<string, (facts: Facts) => Partial<Facts>>> = {
  'groups let everything out': ({ securityGroups }) => ({
    securityGroups: each(securityGroups, ({ egress }) => ({ egress: [...egress, anywhere] })),
  }),
  'groups let everything in': ({ securityGroups }) => ({
    securityGroups: each(securityGroups, ({ ingress }) => ({ ingress: [...ingress, anywhere] })),
  }),
  'network ACLs let everything out': ({ networkAcls }) => ({
    networkAcls: each(networkAcls, ({ entries }) => ({ entries: [allowed(true), ...entries] })),
  }),
  'network ACLs let everything in': ({ networkAcls }) => ({
    networkAcls: each(networkAcls, ({ entries }) => ({ entries: [allowed(false), ...entries] })),
  }),
  'endpoints have no policy': ({ vpcEndpoints }) => ({
    vpcEndpoints: each(vpcEndpoints, () => ({ policy: null })),
  }),
  'public access is not blocked': ({ subnets, vpcSubnets }) => ({
    subnets: each(subnets, () => ({ internetGatewayBlockMode: 'off' as const })),
    vpcSubnets: each(vpcSubnets, () => ({ internetGatewayBlockMode: 'off' as const })),
  }),
  'the task has a public IP address': () => ({ publicIp: true }),
  'the internet gateway is attached': () => ({ internetGateways: [{ internetGatewayId: 'igw-0a1' }] }),
  'NAT gateways are available and public': ({ natGateways }) => ({
    natGateways: each(natGateways, () => ({ state: 'available', connectivityType: 'public' as const })),
  }),
};

const order = ['closed', 'likely closed', 'unknown', 'open'];

test('opening something never closes a path, nor makes it doubtful', () => {
  fc.assert(
    fc.property(recipes, fc.constantFrom(...Object.keys(openings)), (recipe, opening) => {
      const before = factsOf(recipe);
      const after = { ...before, ...openings[opening]?.(before) };
      const openness = (facts: Facts) =>
        pathsOf(collected(facts), errorOf(undefined)).map((path) => order.indexOf(verdictOf(path)));

      const [closed, open] = [openness(before), openness(after)];

      expect(open.filter((one, index) => one < (closed[index] ?? 0))).toEqual([]);
    }),
    { numRuns: numRuns * 3 },
  );
});

/** Things that packets of the pull never meet. */
const irrelevant = (facts: Facts): Facts => {
  const [subnet] = facts.vpcSubnets;
  const [endpoint] = facts.vpcEndpoints;
  if (!subnet || !endpoint) throw new Error('every random network has subnets and endpoints');
  return {
    ...facts,
    vpcSubnets: [
      ...facts.vpcSubnets,
      { ...subnet, subnetId: 'subnet-0idle', cidrBlock: '10.0.77.0/24', internetGatewayBlockMode: 'off' },
    ],
    routeTables: [
      ...facts.routeTables,
      {
        routeTableId: 'rtb-0idle',
        main: false,
        subnetIds: ['subnet-0idle'],
        routes: [
          { destination: '0.0.0.0/0', target: 'nat-0idle', state: 'blackhole', origin: 'CreateRoute' },
        ],
      },
    ],
    networkAcls: [
      ...facts.networkAcls,
      { networkAclId: 'acl-0idle', subnetIds: ['subnet-0idle'], entries: [] },
    ],
    securityGroups: [
      ...facts.securityGroups,
      { groupId: 'sg-0idle', groupName: 'idle', vpcId: subnet.vpcId, ingress: [], egress: [] },
    ],
    natGateways: [
      ...facts.natGateways,
      {
        natGatewayId: 'nat-0idle',
        state: 'failed',
        failureMessage: null,
        connectivityType: 'public',
        subnetId: 'subnet-0idle',
      },
    ],
    vpcEndpoints: [
      ...facts.vpcEndpoints,
      ...['sqs', 'dynamodb'].map((service) => ({
        ...endpoint,
        vpcEndpointId: `vpce-0${service}`,
        serviceName: `com.amazonaws.eu-west-1.${service}`,
        type: service === 'dynamodb' ? 'Gateway' : 'Interface',
        state: 'failed',
        routeTableIds: service === 'dynamodb' ? ['rtb-0task'] : [],
      })),
    ],
    prefixLists: [...facts.prefixLists, { prefixListId: 'pl-0idle', name: null, cidrBlocks: ['0.0.0.0/0'] }],
  };
};

test('what packets never meet changes nothing in a diagnosis', () => {
  fc.assert(
    fc.property(recipes, text, (recipe, said) => {
      const facts = factsOf(recipe);

      const diagnosis = diagnose(snapshotOf(irrelevant(facts), said));

      expect(diagnosis).toEqual(diagnose(snapshotOf(facts, said)));
    }),
    { numRuns },
  );
});

/** What must not depend on the order in which AWS answers. */
const gist = ({ conclusion, causes, otherProblems, paths }: Diagnosis) => ({
  conclusion,
  causes: causes.map(({ check, certainty }) => `${check.id} ${certainty}`).toSorted(),
  otherProblems: otherProblems.map(({ check, certainty }) => `${check.id} ${certainty}`).toSorted(),
  paths: paths.map((path) => `${path.subnetId} ${path.destination.step} ${verdictOf(path)}`).toSorted(),
});

/** Turns every list of the network around; the entries of a network ACL alone have an order, that of their numbers. */
const reversed = (facts: Facts): Facts => ({
  ...facts,
  securityGroupIds: facts.securityGroupIds.toReversed(),
  subnets: facts.subnets.toReversed(),
  vpcSubnets: facts.vpcSubnets.toReversed(),
  routeTables: each(facts.routeTables, ({ routes, subnetIds }) => ({
    routes: routes.toReversed(),
    subnetIds: subnetIds.toReversed(),
  })).toReversed(),
  networkAcls: facts.networkAcls.toReversed(),
  securityGroups: each(facts.securityGroups, ({ ingress, egress }) => ({
    ingress: ingress.toReversed(),
    egress: egress.toReversed(),
  })).toReversed(),
  vpcEndpoints: each(facts.vpcEndpoints, ({ subnetIds, securityGroupIds, routeTableIds }) => ({
    subnetIds: subnetIds.toReversed(),
    securityGroupIds: securityGroupIds.toReversed(),
    routeTableIds: routeTableIds.toReversed(),
  })).toReversed(),
  natGateways: facts.natGateways.toReversed(),
  internetGateways: facts.internetGateways.toReversed(),
  servicePrefixLists: facts.servicePrefixLists.toReversed(),
  prefixLists: each(facts.prefixLists, ({ cidrBlocks }) => ({
    cidrBlocks: cidrBlocks.toReversed(),
  })).toReversed(),
});

test('the order of lists never matters', () => {
  fc.assert(
    fc.property(recipes, text, (recipe, said) => {
      const facts = factsOf(recipe);

      const diagnosis = diagnose(snapshotOf(reversed(facts), said));

      expect(gist(diagnosis)).toEqual(gist(diagnose(snapshotOf(facts, said))));
    }),
    { numRuns },
  );
});

const unseen = { status: 'unknown', why: 'refused', action: 'ec2:Describe' } as const;
const names = (Object.keys(collected(factsOf({ start: 'NAT gateway', changes: [] }))) as FactName[]).filter(
  (name) => name !== 'task',
);

test('a fact that becomes unknown never rules out what was found, nor proves what was ruled out', () => {
  fc.assert(
    fc.property(recipes, text, fc.constantFrom(...names), (recipe, said, hidden) => {
      const { facts, ...rest } = snapshotOf(factsOf(recipe), said);
      const before = derive({ ...rest, facts });
      const after = derive({ ...rest, facts: { ...facts, [hidden]: unseen } as CollectedFacts });

      const { step } = before.pullError.value;
      // What ends other connections than the one that failed is another problem.
      const matters = (result: Result): result is Found =>
        result.status === 'found' && (step === null || result.closes.includes(step));
      const turned = checks.filter((check) => {
        const [seen, doubted] = [examine(check, before), examine(check, after)];
        if (seen.status === 'ruled-out') return matters(doubted) && doubted.certainty === 'proven';
        return matters(seen) && doubted.status === 'ruled-out';
      });

      expect(turned.map(({ id }) => `${id} without ${hidden}`)).toEqual([]);
    }),
    { numRuns },
  );
});
