import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../lambda/diagnose.ts';
import { html } from '../../lambda/render/html.ts';
import { headline } from '../../lambda/render/outline.ts';
import { pageScript, pageScriptHash } from '../../lambda/render/page-script.ts';
import { pageStyle, pageStyleHash } from '../../lambda/render/page-style.ts';
import { expectGolden } from '../support/golden.ts';
import { hostile, hostileText } from '../support/hostile.ts';
import { diagnosisOf, snapshotNames, snapshotOf } from '../support/snapshots.ts';

const pages = new Map<string, string>();
const pageOf = (name: string): string => {
  const snapshot = snapshotOf(name);
  const page = pages.get(name) ?? html(diagnosisOf(name), snapshot);
  pages.set(name, page);
  return page;
};

/** The page without its own style and script. */
const body = (page: string) => page.replace(pageStyle, '').replace(pageScript, '');

/** What a reader sees, as far as no browser is needed for it. */
const textOf = (page: string) =>
  body(page)
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

describe('the policy of the page', () => {
  test.each([
    ['page-style.ts', 'pageStyleHash', pageStyle, pageStyleHash],
    ['page-script.ts', 'pageScriptHash', pageScript, pageScriptHash],
  ])('%s names the hash of its text: npm test -- -u writes it', (name, constant, text) => {
    const file = `${__dirname}/../../lambda/render/${name}`;
    const hash = `sha256-${createHash('sha256').update(text).digest('base64')}`;

    expectGolden(file, readFileSync(file, 'utf8').replace(new RegExp(`(${constant} = ')[^']*`), `$1${hash}`));
  });

  test('lets nothing be loaded, sent or run but the two texts of ours', () => {
    const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(pageOf('nat-gateway-deleted')) ?? [];

    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      `style-src '${pageStyleHash}'`,
      `script-src '${pageScriptHash}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });
});

describe.each(snapshotNames)('the page of %s', (name) => {
  test('what folds holds nothing else that can be clicked', () => {
    const heads = pageOf(name).match(/<summary>.*?<\/summary>/gs) ?? [];

    expect(heads.length).toBeGreaterThan(0);
    expect(heads.filter((head) => /<(?:a|button|input)\b/.test(head))).toEqual([]);
  });

  test('says the cause, its evidence, every fix and every image', () => {
    const diagnosis = diagnosisOf(name);
    const words = (text: string) => text.replaceAll('`', '').replace(/\s+/g, ' ').trim();

    const page = words(textOf(pageOf(name)));

    const said = [
      headline(diagnosis),
      ...diagnosis.images,
      ...diagnosis.causes.flatMap(({ evidence, fixes }) => [
        ...evidence,
        ...fixes.flatMap(({ do: what, cli, cdk }) => [what, cli ?? '', cdk ?? '']),
      ]),
    ];
    for (const one of said) expect(page).toContain(words(one));
  });

  test('loads nothing', () => {
    const page = body(pageOf(name));

    expect(page).not.toMatch(
      /\s(?:src|srcset|action|poster|background|ping|style|on\w+)\s*=|@import|url\((?!#)/i,
    );
    for (const [, url] of page.matchAll(/href="([^"]*)"/g))
      expect(url).toMatch(
        /^(?:#|https:\/\/(?:[a-z0-9-]+\.console\.aws\.amazon\.com|docs\.aws\.amazon\.com|[a-z.]+)\/)/,
      );
  });

  test('cannot be broken by a text from outside', () => {
    const diagnosis = diagnosisOf(name);
    const tags = (of: string) => new Set(of.match(/<\/?[a-z][a-z0-9]*/gi));

    const page = body(html(hostile(diagnosis), snapshotOf(name)));

    const ours = tags(body(pageOf(name)));
    expect([...tags(page)].filter((tag) => !ours.has(tag))).toEqual([]);
    expect(page).not.toContain(hostileText.slice(0, 20));
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/href="(?:javascript|data):/i);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
    expect(page).not.toMatch(/[\u0000-\u0009\u202e]/);
  });
});

test('the facts are folded, those that are unknown first and with the call that would have told', () => {
  const snapshot = snapshotOf('nat-gateway-deleted');
  const blind = {
    ...snapshot,
    facts: {
      ...snapshot.facts,
      natGateways: {
        status: 'unknown' as const,
        why: 'refused' as const,
        action: 'ec2:DescribeNatGateways',
        error: 'UnauthorizedOperation',
      },
    },
  };

  const page = textOf(html(diagnose(blind), blind));

  expect(page).toContain('natGateways: refused, ec2:DescribeNatGateways, UnauthorizedOperation');
  expect(page).toContain(`"subnetId": "subnet-0task"`);
});

test('without a snapshot there are no facts, and all else is the same', () => {
  const diagnosis = diagnosisOf('nat-gateway-deleted');

  const page = html(diagnosis);

  expect(page).not.toContain('The facts');
  expect(page).toContain(headline(diagnosis));
});

/** https://www.w3.org/TR/WCAG22/#contrast-minimum */
describe('colours', () => {
  const schemes = [...pageStyle.matchAll(/:root\{([^}]*)\}/g)].map(([, rules = '']) =>
    Object.fromEntries(
      [...rules.matchAll(/--([a-z-]+):(#[0-9a-f]+)/g)].map(([, colour = '', value = '']) => [colour, value]),
    ),
  );
  const light = schemes[0] ?? {};
  const named = [
    ['light', light],
    ['dark', { ...light, ...schemes[1] }],
    ['print', { ...light, ...schemes[2] }],
  ] as const;

  const luminance = (hex: string) => {
    const long = hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex;
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(long.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one: string, other: string) => {
    const [light_ = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
    return (light_ + 0.05) / (dark + 0.05);
  };

  test.each(named)('%s: every text can be read on what it stands on, and every line seen', (_, colours) => {
    const texts = [
      ...['ground', 'surface', 'code', 'red-ground', 'amber-ground', 'hatch', 'green-ground'].map((on) => [
        'text',
        on,
      ]),
      ...['ground', 'surface', 'code', 'amber-ground', 'hatch', 'red-ground'].map((on) => ['muted', on]),
      ...['ground', 'surface', 'code'].map((on) => ['link', on]),
      ['red', 'surface'],
      ['red', 'red-ground'],
      ['green', 'surface'],
      ['green', 'green-ground'],
      ['amber', 'surface'],
      ['amber', 'amber-ground'],
    ];
    const lines = [
      ['strong-line', 'surface'],
      ['strong-line', 'ground'],
      ['green', 'surface'],
      ['surface', 'red'],
    ];

    const weak = [
      ...texts.filter(([on = '', of = '']) => contrast(colours[on] ?? '', colours[of] ?? '') < 4.5),
      ...lines.filter(([on = '', of = '']) => contrast(colours[on] ?? '', colours[of] ?? '') < 3),
    ];

    expect(weak).toEqual([]);
  });
});
