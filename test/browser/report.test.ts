import { describe, expect, test } from '@jest/globals';
import { html } from '../../lambda/render/html.ts';
import { hostile } from '../support/hostile.ts';
import { diagnosisOf } from '../support/snapshots.ts';
import { accessibilityFaults, open, page, pageOf, phone } from './page.ts';

describe.each([
  'nat-gateway-deleted',
  'endpoint-group-closed',
  'healthy-transit-gateway',
  'role-limited-by-boundary',
  'acl-denies-answers',
])('the page of %s', (name) => {
  test.each([
    ['on a phone', { viewport: phone }],
    ['in dark mode', { colorScheme: 'dark' as const }],
    ['in forced colours', { forcedColors: 'active' as const }],
  ])('%s has no fault that axe finds', async (_, options) => {
    await open(pageOf(name), { bypassCSP: true, ...options });

    expect(await accessibilityFaults()).toEqual([]);
  });

  test.each([
    ['on a phone', { viewport: phone }],
    ['with text of twice the size', { viewport: { width: 640, height: 450 } }],
  ])('%s is never scrolled sideways', async (_, options) => {
    await open(pageOf(name), options);

    const [content, view] = await page.evaluate(() => {
      for (const fold of document.querySelectorAll('details')) fold.open = true;
      return [document.documentElement.scrollWidth, document.documentElement.clientWidth];
    });

    expect(content).toBeLessThanOrEqual(view ?? 0);
  });
});

test('a hostile text neither runs nor loads anything', async () => {
  const { asked } = await open(html(hostile(diagnosisOf('nat-gateway-deleted'))));

  expect(await page.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined();
  expect(asked).toEqual([]);
  expect(await page.title()).toContain('</title></style></script>');
});

test('the policy keeps out a script that would get in all the same', async () => {
  const broken = pageOf('nat-gateway-deleted').replace('<main', '<script>window.pwned=1</script><main');

  const { logged } = await open(broken);

  expect(await page.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined();
  expect(logged.join()).toMatch(/Content Security Policy/);
});

test('with the keyboard alone: to the report, to a copy button, and the command is on the clipboard', async () => {
  await open(pageOf('nat-gateway-deleted'), { permissions: ['clipboard-read', 'clipboard-write'] });

  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => document.activeElement?.textContent);
  for (let press = 0; press < 60; press += 1) {
    if (await page.evaluate(() => document.activeElement?.matches('button[data-copy]') ?? false)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('#said')?.textContent === 'Copied');

  expect(first).toBe('Skip to the report');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    diagnosisOf('nat-gateway-deleted').causes[0]?.fixes[0]?.cli,
  );
});

test('a screen reader is told where the way ends', async () => {
  await open(pageOf('nat-gateway-deleted'));

  const drawing = page.getByRole('img');

  expect(await drawing.count()).toBe(1);
  expect(await drawing.getAttribute('aria-labelledby')).toBe('way-0-title');
  expect(await page.locator('#way-0-title').textContent()).toMatch(
    /end at the NAT gateway nat-0a1\..*NAT gateway nat-0a1 \(closed: the connection ends here\), then Registry hosts .* \(not reached\)$/,
  );
});

test('without scripts everything is there but the copy buttons', async () => {
  await open(pageOf('nat-gateway-deleted'), { javaScriptEnabled: false });

  expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
  expect(await page.locator('pre').first().isVisible()).toBe(true);
  expect(await page.getByRole('button').count()).toBe(0);
});

test('on paper it is light, has no buttons, and shows what was ruled out', async () => {
  await open(pageOf('nat-gateway-deleted'), { colorScheme: 'dark' });

  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const ruledOut = await page.locator('.ruled-out li').first().isVisible();

  expect(ground).toBe('rgb(255, 255, 255)');
  expect(await page.getByRole('button').count()).toBe(0);
  expect(ruledOut).toBe(true);
  expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
});
