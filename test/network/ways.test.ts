import { expect, test } from '@jest/globals';
import { alongAll, doubtful, endsForSure, isOpen, type PublicHop } from '../../lambda/network/ways.ts';

/** A way is written as its hops, each as `verdict certainty check`. */
const hopsOf = (way: string): readonly PublicHop[] =>
  way.split(', ').map((hop) => {
    const [verdict, certainty, check] = hop.split(' ');
    return { verdict, certainty, check, at: 'rtb-0a1' } as PublicHop;
  });
const written = (hops: readonly PublicHop[]) =>
  hops.map(({ verdict, certainty, check }) => `${verdict} ${certainty} ${check}`).join(', ');

const out = 'open proven lead';
const ends = `${out}, closed proven nat`;
const endsElsewhere = `${out}, closed proven acl`;
const perhaps = `${out}, unknown likely tgw`;
const doubt = 'unknown likely doubt';

test.each<[string, readonly string[], readonly string[], string]>([
  ['one way that is open', [out], [], out],
  ['two ways that are open', [out, out], [], out],
  ['one way that ends', [ends], [], ends],
  ['one way that nobody can see along', [perhaps], [], perhaps],

  ['two ways that end at the same hop', [ends, ends], [], ends],
  ['two ways that end at different hops', [ends, endsElsewhere], [], `${ends}, closed likely acl`],
  [
    'a way that ends, and some addresses end elsewhere',
    [ends],
    [endsElsewhere],
    `${ends}, closed likely acl`,
  ],
  [
    'two ways that end, and something unseen stands on the second',
    [ends, `${perhaps}, closed proven nat`],
    [],
    `${ends}, unknown likely tgw`,
  ],
  [
    'two ways that end, the second where the first is open',
    [`open proven nat, closed proven acl`, 'closed proven nat'],
    [],
    'open proven nat, closed proven acl, closed likely nat',
  ],
  [
    'two ways that end, of which one is only likely to',
    [ends, 'closed likely acl'],
    [],
    `${out}, closed likely nat, closed likely acl`,
  ],

  ['a way that ends beside one that is open', [ends, out], [], `${out}, closed likely nat`],
  ['a way that is open beside one that ends', [out, ends], [], `${out}, closed likely nat`],
  [
    'a way that ends beside one that nobody can see along',
    [perhaps, ends],
    [],
    `${out}, closed likely nat, unknown likely tgw`,
  ],
  ['a way that ends for most addresses', [ends], [out], `${out}, closed likely nat`],
  ['a way that ends for some addresses', [out], [ends], `${out}, ${doubt}`],
  ['a way that nobody can see along for some addresses', [out], [perhaps], `${out}, ${doubt}`],
  ['a way that nobody can see along for most addresses', [perhaps], [out], perhaps],
  ['a way that is open beside one that nobody can see along', [out, perhaps], [], perhaps],
])('%s', (_, usual, special, expected) => {
  const branches = (ways: readonly string[]) =>
    ways.map((way) => ({ taken: { because: way }, blocks: [] as readonly string[] }));

  const hops = alongAll(
    { usual: branches(usual), special: branches(special) },
    ({ taken }) => hopsOf((taken as { readonly because: string }).because),
    hopsOf(doubt)[0] as PublicHop,
  );

  expect(written(hops)).toBe(expected);
});

test.each<[string, boolean, boolean]>([
  [out, true, false],
  [ends, false, true],
  [`${out}, closed likely nat`, false, false],
  [perhaps, false, false],
])('%s: is open, ends for sure', (way, open, sure) => {
  expect([isOpen(hopsOf(way)), endsForSure(hopsOf(way))]).toEqual([open, sure]);
});

test('doubt reaches what is closed, and nothing else', () => {
  expect(written(doubtful(hopsOf(`${ends}, ${perhaps}`)))).toBe(
    `${out}, closed likely nat, ${out}, unknown likely tgw`,
  );
});
