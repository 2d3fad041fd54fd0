import { describe, expect, test } from '@jest/globals';
import { checks } from '../lambda/checks/index.ts';
import { diagnose } from '../lambda/diagnose.ts';
import type { Snapshot, Unknown } from '../lambda/model/facts.ts';
import type { Preflight } from '../lambda/model/preflight.ts';
import { preflight } from '../lambda/preflight.ts';
import { preflightFormats } from '../lambda/render/preflight.ts';
import { hostileText } from './support/hostile.ts';
import { snapshotNames, snapshotOf } from './support/snapshots.ts';

/** The same account, seen before a task has failed: there is no error text. */
function before(snapshot: Snapshot): Snapshot {
  const { value } = snapshot.facts.task;
  const containers = value.containers.map((one) => ({ ...one, reason: null, ran: false }));
  const task = { ...value, stoppedReason: '', stoppedAt: null, containers };
  return { ...snapshot, facts: { ...snapshot.facts, task: { status: 'known', value: task } } };
}
const planned = (name: string) => before(snapshotOf(name));
const resultOf = (name: string) => preflight([planned(name)]);
const ids = (findings: readonly { readonly check: { readonly id: string } }[]) =>
  findings.map(({ check }) => check.id);
const denied: Unknown = {
  status: 'unknown',
  why: 'refused',
  action: 'ec2:DescribeRouteTables',
  error: 'UnauthorizedOperation',
};

describe('what is proven', () => {
  test.each(snapshotNames.filter((name) => name.startsWith('healthy-')))('%s is never blocked', (name) => {
    const { blocking, likely, crashed } = resultOf(name);

    // Whether DNS servers of one's own forward what they are asked nobody sees before it fails.
    const doubtful = name === 'healthy-custom-dns-servers-that-forward' ? ['custom-dns-servers'] : [];
    expect({ blocking: ids(blocking), likely: ids(likely), crashed }).toEqual({
      blocking: [],
      likely: doubtful,
      crashed: [],
    });
  });

  test.each([
    ['nat-gateway-deleted', 'nat-gateway-unusable'],
    ['endpoint-for-layers-on-another-table', 's3-endpoint-not-routed'],
    ['role-without-layers', 'execution-role-cannot-pull'],
    ['tag-missing', 'image-not-found'],
    ['vpc-dns-off', 'vpc-dns-disabled'],
    // What took the image is likely; that it is gone is certain.
    ['lifecycle-took-image', 'image-expired-by-lifecycle-policy'],
    // Nobody has to have failed for a name to be hidden, or blocked.
    ['private-zone-without-record', 'private-zone-shadows-registry'],
    ['dns-firewall-blocks-all-but-a-list', 'dns-firewall-blocks-registry'],
  ])('%s is blocked by %s, without any error text', (name, check) => {
    const result = resultOf(name);

    expect(result.conclusion).toBe('blocked');
    expect(ids(result.blocking)).toContain(check);
  });

  test('what is only likely does not block', () => {
    const result = resultOf('custom-dns-servers');

    expect(ids(result.likely)).toEqual(['custom-dns-servers']);
    expect(result.conclusion).toBe('undecided');
  });
});

test.each(snapshotNames)(
  'in %s every check has one result, and those that read only texts do not apply',
  (name) => {
    const { blocking, likely, unknown, passed, notApplicable, crashed } = resultOf(name);

    const all = [...blocking, ...likely, ...unknown, ...passed, ...notApplicable, ...crashed];
    expect(ids(all).toSorted()).toEqual(ids(checks.map((check) => ({ check }))).toSorted());
    for (const id of [
      'registry-rate-limit',
      'registry-unavailable',
      'corrupt-layer',
      'pull-timed-out',
      'secret-unreadable',
    ])
      expect(ids(notApplicable)).toContain(id);
  },
);

test('what AWS refused is unknown, fails nothing, and is named', () => {
  const snapshot = planned('nat-gateway-deleted');
  const blind = { ...snapshot, facts: { ...snapshot.facts, routeTables: denied } };

  const result = preflight([blind]);

  expect(result).toMatchObject({ conclusion: 'undecided', blocking: [], likely: [] });
  expect(preflightFormats.terminal([result])).toContain('AWS refused `ec2:DescribeRouteTables`');
});

describe('an image that a lifecycle rule took, perhaps', () => {
  const withImages = (change: object, whole: Partial<Snapshot['facts']> = {}): Snapshot => {
    const snapshot = planned('lifecycle-took-image');
    const { ecrImages } = snapshot.facts;
    if (ecrImages.status !== 'known') throw new Error('the images must be known');
    const value = ecrImages.value.map((one) => ({ ...one, ...change }));
    return { ...snapshot, facts: { ...snapshot.facts, ecrImages: { status: 'known', value }, ...whole } };
  };
  const gone = withImages({});
  const took = 'image-expired-by-lifecycle-policy';

  test.each([
    ['is gone wherever the task is placed', [gone, gone], 'blocking'],
    [
      'may be brought by a cache that nobody could see',
      [withImages({ pullThroughCacheRule: denied })],
      'likely',
    ],
    ['was not looked for from one place', [gone, withImages({ manifest: denied })], 'likely'],
    ['could not be seen from one place', [gone, withImages({}, { ecrImages: denied })], 'likely'],
  ] as const)('%s', (_, [first, ...others], expected) => {
    const { blocking, likely } = preflight([first, ...others]);

    expect({ blocking: ids(blocking), likely: ids(likely) }).toEqual({
      blocking: [],
      likely: [],
      [expected]: [took],
    });
  });
});

test('what another check finds only likely blocks nothing, though the image is gone', () => {
  const snapshot = snapshotOf('lifecycle-took-image');
  const [took] = checks.filter(({ id }) => id === 'image-expired-by-lifecycle-policy');
  if (!took) throw new Error('there is no such check');

  expect(ids(preflight([snapshot], [took]).blocking)).toEqual([took.id]);
  expect(ids(preflight([snapshot], [{ ...took, id: 'another' }]).likely)).toEqual(['another']);
});

const finding = (id: string, change: object) => ({
  ...(checks[0] as (typeof checks)[number]),
  id,
  needs: [],
  uses: [],
  examine: () =>
    ({
      status: 'found',
      certainty: 'proven',
      evidence: [id],
      resources: [],
      fixes: [],
      closes: [],
      ...change,
    }) as never,
});

test('what is on the network comes first, in the order in which a packet meets it', () => {
  const catalogue = [
    finding('role', {}),
    finding('far', { hop: 5 }),
    finding('image', {}),
    finding('near', { hop: 2 }),
  ];

  expect(ids(preflight([snapshotOf('healthy-nat-umbrella')], catalogue).blocking)).toEqual([
    'near',
    'far',
    'role',
    'image',
  ]);
});

test('the way of the placement that ends is drawn and mended, else that of the first', () => {
  const [well, broken] = [snapshotOf('healthy-nat-umbrella'), snapshotOf('private-subnet-without-route')];
  const drawn = preflight([well, broken]);

  expect(drawn.paths).toEqual(preflight([broken]).paths);
  expect(drawn.mending?.changes).toHaveLength(1);
  expect(preflight([well, well]).paths).toEqual(preflight([well]).paths);
  expect(preflight([well]).paths).not.toHaveLength(0);
});

test('the images are named, where they are known', () => {
  const { facts, ...snapshot } = snapshotOf('healthy-nat-umbrella');

  expect(preflight([{ facts, ...snapshot }]).images).toEqual([
    '111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1',
  ]);
  const images = { status: 'unknown', why: 'refused' } as const;
  expect(preflight([{ ...snapshot, facts: { ...facts, images } }]).images).toEqual([]);
});

describe('a task that may be placed in several ways', () => {
  const broken = planned('ec2-without-route');
  const healthy = planned('healthy-ec2');

  test('what holds for all of them is proven', () => {
    expect(ids(preflight([broken, broken]).blocking)).toEqual(['no-route-to-registry']);
  });

  test('what holds for some of them is likely, and says for how many; the way that ends is drawn', () => {
    const { blocking, likely, conclusion, paths } = preflight([healthy, broken, healthy]);

    expect(blocking).toEqual([]);
    expect(ids(likely)).toEqual(['no-route-to-registry']);
    expect(likely[0]?.evidence.at(-1)).toBe('That holds for 1 of 3 container instances that were looked at');
    expect(conclusion).toBe('undecided');
    expect(paths.some(({ hops }) => hops.some(({ verdict }) => verdict === 'closed'))).toBe(true);
  });

  test('what could not be seen for one of them is not passed', () => {
    const blind = { ...healthy, facts: { ...healthy.facts, routeTables: denied } };

    expect(preflight([healthy, blind]).conclusion).toBe('undecided');
  });
});

test('the same account leads to the same findings before and after a text that says nothing', () => {
  const found = ids(resultOf('nat-gateway-deleted').blocking);

  expect(found).toEqual(ids(diagnose(snapshotOf('nat-gateway-deleted')).causes));
});

describe('reports', () => {
  const results: readonly Preflight[] = [
    resultOf('healthy-nat-token'),
    resultOf('tag-missing'),
    resultOf('custom-dns-servers'),
  ];

  test('the terminal says the worst first, and sums up', () => {
    const text = preflightFormats.terminal(results);

    const signs = [...text.matchAll(/^([✗?✓]) web: /gm)].map(([, sign]) => sign);
    expect(signs).toEqual(['✗', '?', '✓']);
    expect(text.trimEnd().split('\n').at(-1)).toBe('3 looked at: 1 blocked, 1 undecided, 1 clear');
  });

  describe('of several services', () => {
    const broken = resultOf('nat-gateway-deleted');
    const named = (name: string, result: Preflight): Preflight => ({ ...result, group: `service:${name}` });
    const cause = broken.blocking[0]?.check.cause ?? '';
    const times = (text: string, part: string) => text.split(part).length - 1;

    test('what is the same is said once, with the services that share it', () => {
      const text = preflightFormats.terminal(['web', 'api'].map((name) => named(name, broken)));

      expect(text).toMatch(/^✗ web, api: a new task could not pull its image$/m);
      expect(times(text, cause)).toBe(1);
      expect(times(text, 'Put it right')).toBe(1);
      expect(text).toContain('2 looked at: 2 blocked');
    });

    test('many are counted in the title, and named below it', () => {
      const names = ['a1', 'b2', 'c3', 'd4'];
      const text = preflightFormats.terminal(names.map((name) => named(name, broken)));

      expect(text).toMatch(/^✗ 4 services: a new task/m);
      expect(text).toContain('`a1`, `b2`, `c3`, `d4`');
    });

    test('who has one cause in common, and another of its own, is told of each once', () => {
      const both = { ...broken, blocking: [...broken.blocking, ...resultOf('tag-missing').blocking] };
      const text = preflightFormats.terminal([named('web', broken), named('api', both)]);

      expect(times(text, cause)).toBe(2);
      expect(text).toContain('As for `web`, above');
      expect(times(text, 'has no image tagged')).toBe(1);
      expect(times(text, 'Put it right')).toBe(2);
    });

    test('those that are clear keep a line each, and programs are told of each service', () => {
      const healthy = resultOf('healthy-nat-token');
      const clear = preflightFormats.terminal([named('web', healthy), named('api', healthy)]);
      const json = JSON.parse(preflightFormats.json(['web', 'api'].map((name) => named(name, broken))));

      expect(clear).toMatch(/^✓ web: /m);
      expect(clear).toMatch(/^✓ api: /m);
      expect(json.results.map(({ blocking }: Preflight) => blocking.length)).toEqual([1, 1]);
    });
  });

  test('what was tried on the model stands with the way that it opens, not behind a cause of another kind', () => {
    const { blocking } = resultOf('tag-missing');
    const both = { ...resultOf('nat-gateway-deleted') };
    const text = preflightFormats.terminal([{ ...both, blocking: [...both.blocking, ...blocking] }]);

    const at = (part: string) => text.indexOf(part);
    expect(at('Tried on the model')).toBeGreaterThan(at('The NAT gateway gives no way'));
    expect(at('Tried on the model')).toBeLessThan(at(blocking[0]?.check.cause ?? ''));
  });

  test('JSON counts, and holds every result', () => {
    expect(JSON.parse(preflightFormats.json(results))).toEqual({
      schemaVersion: 1,
      blocked: 1,
      undecided: 1,
      clear: 1,
      results: JSON.parse(JSON.stringify(results)),
    });
  });

  test('a test report fails for what is proven alone, with the evidence and the way out', () => {
    const xml = preflightFormats.junit(results);

    expect(xml.match(/<failure /g)).toHaveLength(1);
    expect(xml).toMatch(
      /<testcase classname="prod\.web" name="image-not-found: [^"]+"><failure [^>]*>[^<]*has no image tagged[^<]*Put it right:/,
    );
    expect(xml).toMatch(/name="custom-dns-servers: [^"]+"><skipped message="likely, not proven: /);
    expect(xml).toMatch(/name="registry-rate-limit: [^"]+"><skipped message="does not apply: /);
    const counts = (name: string) => Number(new RegExp(`<testsuites [^>]*${name}="(\\d+)"`).exec(xml)?.[1]);
    expect(counts('tests')).toBe(xml.match(/<testcase /g)?.length);
    expect(counts('tests')).toBe(results.length * checks.length);
    expect(counts('skipped')).toBe(xml.match(/<skipped /g)?.length);
  });

  test('a text from outside breaks neither the test report nor the terminal', () => {
    const [result] = results.slice(1);
    const poisoned = JSON.parse(
      JSON.stringify(result, (key, value: unknown) =>
        ['group', 'because', 'do', 'cli'].includes(key) ||
        (key !== 'conclusion' && typeof value === 'string' && value.startsWith('`'))
          ? `${value}${hostileText}`
          : value,
      ),
    ) as Preflight;

    const xml = preflightFormats.junit([poisoned]);
    const text = preflightFormats.terminal([poisoned]);

    expect([...new Set(xml.match(/<\/?\w+/g))].toSorted()).toEqual(
      [
        '<failure',
        '</failure',
        '<skipped',
        '<testcase',
        '</testcase',
        '<testsuite',
        '</testsuite',
        '<testsuites',
        '</testsuites',
      ].toSorted(),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
    for (const one of [xml, text]) expect(one).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});
