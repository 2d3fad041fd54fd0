import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { html } from '../../lambda/render/html.ts';
import { diagnosisOf, snapshotOf } from '../support/snapshots.ts';
import { startChromium } from './chromium.ts';

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'ecs-pull-doctor-pages-'));
let browser: Browser;
/** The page that a test has opened. */
export let page: Page;

beforeAll(async () => {
  browser = await startChromium();
});
afterEach(() => page?.context().close());
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** The report on a snapshot. */
export const pageOf = (name: string) => html(diagnosisOf(name), snapshotOf(name));

const desktop = { width: 1280, height: 900 };
/** The smallest that people hold. */
export const phone = { width: 320, height: 640 };

/** Opens a page from a file, as people who were sent it do; says what it asked for and what it logged. */
export async function open(text: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: desktop, ...options });
  page = await context.newPage();
  const asked: string[] = [];
  const logged: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => logged.push(message.text()));
  page.on('pageerror', (error) => logged.push(error.message));
  const file = join(folder, `${Math.random()}.html`);
  writeFileSync(file, text);
  const url = pathToFileURL(file).href;
  await page.goto(url);
  return { asked: asked.filter((one) => one !== url), logged };
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds with every fold open, all its rules on. The policy of the page keeps axe out too: open it without. */
export async function accessibilityFaults(): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    const { axe } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> };
    };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 200)}: ${node.failureSummary}`),
    );
  });
}

/** Texts of the drawings that run out of their boxes: fonts differ, and nothing breaks lines in a drawing. */
export const textsOutside = () =>
  page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    return [...document.querySelectorAll<SVGSVGElement>('svg.way')].flatMap((svg) => {
      const { width, height } = svg.viewBox.baseVal;
      return [...svg.querySelectorAll<SVGTextElement>('g > text:not(.mark text)')].flatMap((text) => {
        const box = text.getBBox();
        const card = text.parentElement?.querySelector<SVGRectElement>('rect.card')?.getBBox();
        const fits =
          card &&
          box.x >= card.x &&
          box.x + box.width <= card.x + card.width &&
          box.y >= card.y &&
          box.y + box.height <= card.y + card.height &&
          card.x + card.width <= width &&
          card.y + card.height <= height;
        return fits ? [] : [text.textContent];
      });
    });
  });
