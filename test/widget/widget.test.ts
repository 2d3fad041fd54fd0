import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { brokenPathsOf } from '../../lambda/incident/broken-paths.ts';
import { mostBytes } from '../../lambda/render/widget.ts';
import { widgetStyle } from '../../lambda/render/widget-style.ts';
import { handler, widgetWith } from '../../lambda/widget.ts';
import { anyText } from '../support/any-text.ts';
import fc from '../support/fast-check.ts';
import { hostile, hostileText } from '../support/hostile.ts';
import { incidentOf, openedAt } from '../support/incidents.ts';
import { diagnosisOf } from '../support/snapshots.ts';
import { errorCalled, openOf, resolvedOf, widgetOf } from '../support/widget-pages.ts';

let errors: jest.SpiedFunction<typeof console.error>;
beforeEach(() => {
  errors = jest.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** What people read. */
const textOf = (answer: string) =>
  answer
    .replace(widgetStyle, '')
    .replace(/<title.*?<\/title>|<\/?time[^>]*>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ');

describe('asked what it is', () => {
  test('it says so in Markdown, and asks nobody', async () => {
    const widget = widgetWith(() => {
      throw new Error('nothing is needed for this');
    });

    expect(await widget({ describe: true })).toMatch(/^## /);
  });
});

describe('an open incident', () => {
  test('is shown with its cause, its age, whom it hits, and where the connection ends', async () => {
    const answer = await widgetOf({ shown: openOf('nat-gateway-deleted') });

    expect(textOf(answer)).toContain(
      'Open incidents 1 The NAT gateway gives no way to the internet Since 2026-11-20 03:04 UTC, for 2 h 15 min Failed tasks 42 Hit 8 services and families, 6 failing now: service:web in prod , service:api in prod',
    );
    expect(textOf(answer)).toContain('and 1 more About nat-0a1 Check nat-gateway-unusable');
    expect(textOf(answer)).toContain('Token, manifest and layers end at the NAT gateway nat-0a1');
    expect(answer).toContain('<svg class="way"');
  });

  test('leads to its services and to what it is about, in the console', async () => {
    const answer = await widgetOf({ shown: openOf('nat-gateway-deleted') });

    expect([...answer.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual(
      expect.arrayContaining([
        'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/prod/services/web/health?region=eu-west-1',
        'https://eu-west-1.console.aws.amazon.com/vpcconsole/home?region=eu-west-1#NatGatewayDetails:natGatewayId=nat-0a1',
      ]),
    );
  });

  test('of before the paths were kept is shown without a drawing', async () => {
    const { brokenPaths: _, ...incident } = incidentOf('nat-gateway-deleted');

    const answer = await widgetOf({ shown: [{ incident, failures: 3, failing: [] }] });

    expect(textOf(answer)).toContain('The NAT gateway gives no way');
    expect(answer).not.toContain('<svg');
  });

  test.each(['{', 'null', '{"paths":[{}]}'])(
    'whose paths read `%s` keeps the others on the page',
    async (brokenPaths) => {
      const [one, other] = openOf('nat-gateway-deleted', 'acl-denies-answers');
      if (!one || !other) throw new Error('two were asked for');

      const answer = await widgetOf({
        shown: [{ ...one, incident: { ...one.incident, brokenPaths } }, other],
      });

      expect(textOf(answer)).toContain('kept in a way that cannot be read');
      expect(answer.match(/<svg/g)).toHaveLength(1);
      expect(errors).toHaveBeenCalledWith(expect.objectContaining({ cannotDraw: one.incident.id }));
    },
  );

  test('that hits too many to add up says when its number is from', async () => {
    const incident = incidentOf('nat-gateway-deleted', {
      toldFailures: 4_000,
      toldAt: openedAt + 3_600_000,
      openVictims: new Set(Array.from({ length: 300 }, (_, n) => `victim ${n}`)),
    });

    const text = textOf(await widgetOf({ shown: [{ incident, failures: null, failing: null }] }));

    expect(text).toContain('Failed tasks 4000 when it was last told, 2026-11-20 04:04 UTC');
    expect(text).toContain('service:web in prod and 299 more');
  });

  test('that nobody was told of yet says so', async () => {
    const { toldAt: _, ...incident } = incidentOf('nat-gateway-deleted');

    expect(textOf(await widgetOf({ shown: [{ incident, failures: 1, failing: [] }] }))).toContain(
      'nobody yet',
    );
  });

  test.each([
    ['image-archived', 'incident"'],
    ['healthy-transit-gateway', 'incident unsure"'],
  ])('of %s is as sure as its diagnosis', async (name, classes) => {
    expect(await widgetOf({ shown: openOf(name) })).toContain(`<li class="${classes}`);
  });
});

describe('a resolved incident', () => {
  test('is shown with how it ended, how long it took and what it hit', async () => {
    const text = textOf(await widgetOf({}, resolvedOf('nat-gateway-deleted', 'acl-denies-answers')));

    expect(text).toContain('No open incident.');
    expect(text).toContain(
      'The NAT gateway gives no way to the internet ( nat-0a1 ) fixed: the deployment that failed runs now Ended 2026-11-20 03:21 UTC, after 17 min: 12 failed tasks of 1 service or family',
    );
    expect(text).toContain('1 fixed: the deployment that failed runs now; 2 rolled back:');
  });
});

describe('when nothing has happened', () => {
  test('that is said', async () => {
    expect(textOf(await widgetOf({}))).toMatch(
      /Open incidents 0 No open incident\. .*None within the last 30 days/,
    );
  });
});

describe('what cannot be read', () => {
  test.each([
    ['AccessDeniedException', /may not read the table.*Deploy the stack again/],
    ['ResourceNotFoundException', /is not there\. Deploy the stack again/],
    ['ValidationException', /one of its indexes, is not there/],
    ['AbortError', /gave no answer \( AbortError \)\. Refresh in a minute/],
    ['constructor', /gave no answer \( constructor \)/],
  ])('after %s is said with its remedy, and is no empty list', async (name, remedy) => {
    const text = textOf(await widgetOf(errorCalled(name), errorCalled(name)));

    expect(text).toMatch(remedy);
    expect(text).toContain('This does not mean that there are none');
    expect(text).not.toMatch(/No open incident|None within/);
    expect(errors).toHaveBeenCalledTimes(2);
  });

  test('keeps nothing else from being shown', async () => {
    const noOpen = textOf(await widgetOf(errorCalled('AbortError'), resolvedOf('nat-gateway-deleted')));
    const noResolved = textOf(
      await widgetOf({ shown: openOf('acl-denies-answers') }, errorCalled('AbortError')),
    );

    expect(noOpen).toMatch(/The open incidents cannot be read.*The NAT gateway gives no way/);
    expect(noResolved).toMatch(/A network ACL blocks.*The resolved incidents cannot be read/);
  });
});

describe('the dashboard', () => {
  test.each([
    [{}, 'UTC', '2026-11-20 03:04 UTC'],
    [{ timezone: { label: 'Local', offsetISO: '+05:30' } }, '+05:30', '2026-11-20 08:34 UTC+05:30'],
    [{ timezone: { offsetISO: '-08:00' } }, '-08:00', '2026-11-19 19:04 UTC-08:00'],
    [{ timezone: { offsetISO: 'soon' } }, 'none that can be read', '2026-11-20 03:04 UTC'],
    [null, 'nothing', '2026-11-20 03:04 UTC'],
  ])('%j has its times in %s', async (context, _, said) => {
    expect(textOf(await widgetOf({ shown: openOf('image-archived') }, [], context))).toContain(
      `Since ${said},`,
    );
  });

  test.each([
    [{ theme: 'dark', width: 1_000 }, 'epd cwdb-no-default-styles dark'],
    [{ theme: 'light', width: 300 }, 'epd cwdb-no-default-styles narrow'],
    [{ theme: '"><script>', width: 'wide' }, 'epd cwdb-no-default-styles'],
  ])('%j decides how it looks', async (context, classes) => {
    expect(await widgetOf({}, [], context)).toMatch(new RegExp(`^<div class="${classes}">`));
  });
});

/** What the dashboard takes out, or what would do something. */
const forbidden =
  /<(?:script|iframe|use|img|object|embed|form|link|foreignObject)\b|\son\w+=|javascript:(?=[^<]*")/i;
const tags = (answer: string) => answer.replace(widgetStyle, '').match(/<[^>]*>/g) ?? [];

describe('text from outside', () => {
  const poisoned = () => {
    const diagnosis = hostile(diagnosisOf('nat-gateway-deleted'));
    const incident = incidentOf('nat-gateway-deleted', {
      brokenPaths: brokenPathsOf(diagnosis) ?? '',
      ...Object.fromEntries(
        ['headline', 'resourceName', 'checkId', 'groupName', 'clusterArn', 'awsRegion', 'correlationId'].map(
          (name) => [name, `service:${hostileText}`],
        ),
      ),
    });
    return incident;
  };

  test('is text', async () => {
    const incident = poisoned();
    const failing = [{ clusterArn: hostileText, groupName: `service:${hostileText}` }] as never;

    const answer = await widgetOf({ shown: [{ incident, failures: 1, failing }] }, [
      { ...incident, endedAt: openedAt },
    ]);

    expect(tags(answer).filter((tag) => forbidden.test(tag))).toEqual([]);
    expect(textOf(answer)).toContain('<script>window.pwned=1</script>');
    expect(answer).toContain('<svg');
  });

  test('whatever it is, leaves the same elements', async () => {
    const text = anyText(60);
    const elements = (answer: string) =>
      tags(answer)
        .map((tag) => /^<\/?[a-z]+/i.exec(tag)?.[0])
        // Links and lines of a drawing come and go with a text.
        .filter((tag) => !/^<\/?(?:a|text|tspan|code)$/.test(tag ?? ''));
    const plain = elements(
      await widgetOf({ shown: [{ incident: incidentOf('image-archived'), failures: 1, failing: [] }] }),
    );
    await fc.assert(
      fc.asyncProperty(text, text, text, async (headline, groupName, clusterArn) => {
        const incident = incidentOf('image-archived', { headline, groupName, clusterArn });
        const failing = [{ clusterArn, groupName }] as never;

        expect(elements(await widgetOf({ shown: [{ incident, failures: 1, failing }] }))).toEqual(plain);
      }),
    );
  });
});

describe('many incidents', () => {
  test('are cut to what a dashboard can show, whole, and the others are counted', async () => {
    const all = Array.from({ length: 100 }, () => openOf('nat-gateway-deleted')).flat();

    const answer = await widgetOf({ shown: all, more: 7 }, resolvedOf('acl-denies-answers'));

    const shown = answer.match(/<li class="incident/g)?.length ?? 0;
    expect(Buffer.byteLength(answer)).toBeLessThanOrEqual(mostBytes);
    expect(shown).toBeGreaterThan(10);
    expect(answer.match(/<svg/g)).toHaveLength(shown);
    expect(textOf(answer)).toContain(`${107 - shown} more open incidents are not shown.`);
    expect(textOf(answer)).toContain('Open incidents 107');
    expect(textOf(answer)).toContain('A network ACL blocks');
  });

  test('of which an index has no end are at least so many', async () => {
    expect(textOf(await widgetOf({ isCut: true }))).toMatch(/Open incidents at least 0 .*there may be more/);
  });
});

test('without a table it says what is missing', async () => {
  await expect(handler({})).rejects.toThrow('TABLE_NAME is not set');
});
