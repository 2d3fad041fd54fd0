import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { brokenPathsOf } from '../../lambda/incident/broken-paths.ts';
import { hostile, hostileText } from '../support/hostile.ts';
import { incidentOf, openedAt } from '../support/incidents.ts';
import { diagnosisOf } from '../support/snapshots.ts';
import { errorCalled, openOf, resolvedOf, widgetOf } from '../support/widget-pages.ts';
import { startChromium } from './chromium.ts';

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await startChromium();
});
afterEach(() => page?.context().close());
afterAll(async () => {
  await browser?.close();
});

/** A page of somebody else, with styles of its own, in the theme of the dashboard and not of the browser. */
const dashboard = (
  widget: string,
  theme: string,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Dashboard</title><style>
body{margin:0;background:${theme === 'dark' ? '#161d26' : '#f2f3f3'};color:#888;font:12px serif}
li,dd,p,code{color:#f00}h1{font-size:18px;margin:8px;color:${theme === 'dark' ? '#fff' : '#000'}}
</style></head><body><main><h1>Dashboard</h1>${widget}</main></body></html>`;

/** Opens a dashboard of this width; says what it asked for and what it logged. */
async function open(width: number, theme: 'light' | 'dark', widget: (context: object) => Promise<string>) {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: theme === 'dark' ? 'light' : 'dark',
  });
  page = await context.newPage();
  const seen: string[] = [];
  page.on('request', (request) => seen.push(request.url()));
  page.on('console', (message) => seen.push(message.text()));
  page.on('pageerror', (error) => seen.push(error.message));
  const timezone = { label: 'Local', offsetISO: '+01:00', offsetInMinutes: 60 };
  await page.setContent(dashboard(await widget({ theme, width, timezone }), theme));
  const folder = process.env['SCREENSHOTS'];
  if (folder) await page.screenshot({ path: `${folder}/${theme}-${width}-${shots++}.png`, fullPage: true });
  return seen;
}
let shots = 0;

/** What axe finds with every fold open, all its rules on. */
async function accessibilityFaults(): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    const { axe } = window as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`),
    );
  });
}

/** Texts and boxes that stand out of the page, or of the card around them. */
const sticksOut = () =>
  page.evaluate(() => {
    const view = document.documentElement.clientWidth;
    return [...document.querySelectorAll('.epd *')]
      .filter((element) => element.getBoundingClientRect().right > view + 0.5)
      .map((element) => element.outerHTML.slice(0, 120));
  });

const scenarios = [
  'nat-gateway-deleted',
  'endpoint-for-layers-on-another-table',
  'healthy-transit-gateway',
  'image-archived',
  'acl-denies-answers',
];
const states: Readonly<Record<string, (context: object) => Promise<string>>> = {
  'with incidents': (context) =>
    widgetOf({ shown: openOf(...scenarios), more: 3, isCut: true }, resolvedOf(...scenarios), context),
  'without any': (context) => widgetOf({}, [], context),
  'that cannot be read': (context) => {
    jest.spyOn(console, 'error').mockImplementation(() => {});
    return widgetOf(errorCalled('AccessDeniedException'), errorCalled('AbortError'), context);
  },
};

describe.each(Object.keys(states))('the widget %s', (state) => {
  test.each([
    ['light', 320],
    ['dark', 320],
    ['light', 700],
    ['dark', 700],
    ['light', 1_600],
    ['dark', 1_600],
  ] as const)(
    'in %s, %i pixels wide, has no fault that axe finds, fits, and asks for nothing',
    async (theme, width) => {
      const seen = await open(width, theme, states[state] ?? (() => Promise.reject(state)));

      expect(await accessibilityFaults()).toEqual([]);
      expect(await sticksOut()).toEqual([]);
      expect(seen).toEqual([]);
    },
  );
});

test('a hostile text neither runs nor loads anything, and breaks out of nothing', async () => {
  const incident = incidentOf('nat-gateway-deleted', {
    brokenPaths: brokenPathsOf(hostile(diagnosisOf('nat-gateway-deleted'))) ?? '',
    headline: hostileText,
    resourceName: hostileText,
    groupName: `service:${hostileText}`,
    clusterArn: hostileText,
  });

  const seen = await open(700, 'light', (context) =>
    widgetOf(
      { shown: [{ incident, failures: 1, failing: [{ ...incident }] as never }] },
      [{ ...incident, endedAt: openedAt }],
      context,
    ),
  );

  expect(await page.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined();
  expect(await page.locator('main > .epd').count()).toBe(1);
  expect(await page.locator('body > *').count()).toBe(1);
  expect(await page.locator('.epd script, .epd img, .epd a[href^="javascript"]').count()).toBe(0);
  expect(seen).toEqual([]);
});

test('what the dashboard takes out is not there', async () => {
  await open(700, 'light', states['with incidents'] ?? (() => Promise.reject()));

  expect(await page.locator('.epd script, .epd iframe, .epd use, .epd foreignObject').count()).toBe(0);
  expect(
    await page.evaluate(() =>
      [...document.querySelectorAll('.epd *')].flatMap((element) =>
        element.getAttributeNames().filter((name) => name.startsWith('on')),
      ),
    ),
  ).toEqual([]);
});

test('the style changes nothing but the widget', async () => {
  const before = async () =>
    page.evaluate(() => getComputedStyle(document.querySelector('h1') as Element).font);
  await open(700, 'dark', async () => '');
  const alone = await before();
  await page.context().close();

  await open(700, 'dark', states['with incidents'] ?? (() => Promise.reject()));

  expect(await before()).toBe(alone);
});

test('a screen reader is told where the way ends, each drawing by itself', async () => {
  await open(700, 'light', states['with incidents'] ?? (() => Promise.reject()));

  const names = await page
    .getByRole('img')
    .evaluateAll((drawings) =>
      drawings.map((one) => document.getElementById(one.getAttribute('aria-labelledby') ?? '')?.textContent),
    );

  expect(names).toEqual([
    expect.stringContaining('end at the NAT gateway nat-0a1'),
    expect.stringContaining('Layers end at the route table rtb-0task'),
    expect.stringContaining('cannot be followed past the transit gateway'),
  ]);
});
