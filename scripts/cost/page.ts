import { costOf, prices, type Use } from './prices.ts';

/** Stopped tasks in a month. */
export const amounts = [10, 1_000, 100_000] as const;

/** A kind of month: how the tasks come, and what that uses. */
export interface Kind {
  readonly name: string;
  readonly use: (tasks: number) => Use;
}

/** The tables of docs/cost.md. */
export function costTables(quiet: Use, kinds: readonly Kind[]): string {
  const names = Object.keys(prices) as (keyof typeof prices)[];
  const rows = names.flatMap((name) => {
    const uses = kinds.flatMap(({ use }) => amounts.map((tasks) => use(tasks)[name] ?? 0));
    const { what, dollars, per, unit } = prices[name];
    if ((quiet[name] ?? 0) === 0 && uses.every((amount) => amount === 0)) return [];
    const largest = kinds.map(({ use }) => use(amounts[2])[name] ?? 0);
    return [
      `| ${what} | ${dollars} per ${per === 1 ? '' : `${count(per)} `}${unit} | ${count(quiet[name] ?? 0)} | ${largest.map(count).join(' | ')} |`,
    ];
  });
  const together = (use: Use) => money(costOf(quiet) + costOf(use));
  return [
    `| Stopped tasks in the month | none | ${amounts.map(count).join(' | ')} |`,
    `| --- | ---: | ${amounts.map(() => '---:').join(' | ')} |`,
    ...kinds.map(
      ({ name, use }) =>
        `| ${name} | ${money(costOf(quiet))} | ${amounts.map((tasks) => together(use(tasks))).join(' | ')} |`,
    ),
    '',
    'What that is made of:',
    '',
    `| | Price | Quiet month | ${kinds.map(({ name }) => `In addition, ${count(amounts[2])} tasks: ${name}`).join(' | ')} |`,
    `| --- | --- | ---: | ${kinds.map(() => '---:').join(' | ')} |`,
    ...rows,
    `| **Together, US dollars** | | **${money(costOf(quiet))}** | ${kinds.map(({ use }) => `**${money(costOf(use(amounts[2])))}**`).join(' | ')} |`,
  ].join('\n');
}

/** Where the prices stand. */
export const priceSources = (): string =>
  [...new Set(Object.values(prices).map(({ source }) => source))].map((source) => `<${source}>`).join(', ');

const money = (dollars: number) => dollars.toFixed(2);

const count = (amount: number) =>
  amount !== 0 && amount < 1
    ? amount.toPrecision(2)
    : Math.round(amount * (amount < 10 ? 10 : 1)) / (amount < 10 ? 10 : 1) > 999
      ? Math.round(amount).toLocaleString('en-US')
      : String(Math.round(amount * (amount < 10 ? 10 : 1)) / (amount < 10 ? 10 : 1));
