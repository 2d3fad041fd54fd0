/**
 * Whether everything is tried that `npm test` tries a sample of: `WHOLE=1 npx jest <test>`. `npm run test:faults` tries whole what
 * takes long, so that no change lands without it.
 */
export const whole = process.env['WHOLE'] === '1';

/** How many random cases are tried: a quarter of them where not everything is. */
export const sampled = (cases: number): number => (whole ? cases : Math.ceil(cases / 4));

/** One of so many items, another one at each turn; all of them where everything is tried. */
export const inTurn = <T>(items: readonly T[], of: number, turn: number): readonly T[] =>
  whole ? items : items.filter((_, at) => (at + turn) % of === 0);
