import { expect, test } from '@jest/globals';
import type { Facts, ImageReference, RegistryAnswer } from '../../lambda/model/facts.ts';
import { ask, type Changes, linesOf, refused } from '../support/asking.ts';
import { texts } from '../support/worlds.ts';

const app = 'ghcr.io/acme/app:1.0';
const proxy = 'quay.io/acme/proxy:2.0';
const outside = (text: string): ImageReference => ({
  text,
  container: /\/([a-z]+):/.exec(text)?.[1] ?? null,
  registry: text.split('/')[0] ?? null,
  repository: 'acme/app',
  tag: '1.0',
  digest: null,
  ecr: null,
  invalid: null,
});
const umbrella =
  'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref';
const notFound = `${umbrella} ghcr.io/acme/text:1.0: not found`;
const denied = `CannotPullContainerError: pull access denied for ghcr.io/acme/text, repository does not exist or may require authorization`;
const unauthorized = `${umbrella} ghcr.io/acme/text:1.0: unexpected status code [manifests 1.0]: 401 Unauthorized`;
const has: RegistryAnswer = { status: 'found', digest: null, mediaType: null, platforms: null };
const hasNot: RegistryAnswer = { status: 'not-found' };
const refuses: RegistryAnswer = { status: 'denied' };
const silent: RegistryAnswer = { status: 'no-answer', because: 'late' };

/** What the checks say of a task with these images; `secret` holds the credentials of the containers that have any. */
function asked(
  id: string,
  text: string,
  answers: Readonly<Record<string, RegistryAnswer>>,
  { withSecret = [], ...changes }: Changes & { readonly withSecret?: readonly string[] } = {},
) {
  const references = Object.keys(answers).map(outside);
  const containers = references.map((one) => ({
    name: one.container ?? '',
    image: one.text,
    credentialsParameter: withSecret.includes(one.container ?? '') ? 'arn:secret' : null,
    secretArns: [],
  }));
  return ask(id, 'outside-image-missing-under-umbrella', {
    text,
    images: () => references,
    externalImages: () => Object.entries(answers).map(([image, answer]) => ({ image, answer })),
    taskDefinition: (one: Facts['taskDefinition']) => one && { ...one, containers },
    ...changes,
  });
}
const short = (result: ReturnType<typeof ask>) =>
  [result.status, ...('certainty' in result ? [result.certainty] : [])].join(' ');

const missing = 'external-image-not-found';
test.each<[string, string, Readonly<Record<string, RegistryAnswer>>, Parameters<typeof asked>[3], string]>([
  ['both are there', umbrella, { [app]: has, [proxy]: has }, {}, 'ruled-out'],
  [
    'one is there, of the other nobody knows',
    umbrella,
    { [app]: has, [proxy]: silent },
    {},
    'not-applicable',
  ],
  ['one is there, the other is refused', umbrella, { [app]: has, [proxy]: refuses }, {}, 'undecided'],
  ['one is there, the other not', umbrella, { [app]: has, [proxy]: hasNot }, {}, 'found proven'],
  [
    'both are not there, and one has credentials',
    umbrella,
    { [app]: hasNot, [proxy]: hasNot },
    { withSecret: ['proxy'] },
    'found likely',
  ],
  [
    'both are not there, and one has credentials, but the text says so',
    notFound,
    { [app]: hasNot, [proxy]: hasNot },
    { withSecret: ['proxy'] },
    'found proven',
  ],
  [
    'not there, and nobody could read the definition',
    umbrella,
    { [app]: hasNot },
    { taskDefinition: () => refused },
    'found likely',
  ],
  [
    'one is there, of the other only the text speaks',
    notFound,
    { [app]: has, [proxy]: silent },
    {},
    'found likely',
  ],
  ['both are there by now', notFound, { [app]: has, [proxy]: has }, {}, 'undecided'],
  ['the text denies access', denied, { [app]: silent }, {}, 'found likely'],
  ['the text is of something else', texts.manifestTimeout, { [app]: silent }, {}, 'ruled-out'],
  [
    'the text is of something else, and a stranger is refused',
    texts.manifestTimeout,
    { [app]: refuses },
    {},
    'ruled-out',
  ],
  ['nobody could ask', umbrella, { [app]: has }, { externalImages: () => refused }, 'not-applicable'],
  ['no image is known', umbrella, {}, {}, 'not-applicable'],
  ['no image is known, but the text says so', notFound, {}, {}, 'found likely'],
])('the image: %s', (_, text, answers, changes, expected) => {
  expect(short(asked(missing, text, answers, changes))).toBe(expected);
});

test('all images being in Amazon ECR, or none a reference, there is nobody to ask', () => {
  const inEcr = { images: (all: Facts['images']) => all };

  expect(ask(missing, 'tag-missing', { text: notFound, ...inEcr }).status).toBe('not-applicable');
  expect(ask('registry-credentials-unusable', 'tag-missing', { text: unauthorized }).status).toBe(
    'not-applicable',
  );
  expect(
    asked(missing, notFound, { [app]: silent }, { images: () => [{ ...outside(app), registry: null }] })
      .status,
  ).toBe('not-applicable');
});

test.each<[string, string, Readonly<Record<string, RegistryAnswer>>, string, string]>([
  [
    'that one which is not there',
    umbrella,
    { [app]: has, [proxy]: hasNot },
    proxy,
    '`quay.io` answers that it does not have',
  ],
  [
    'that one of which nobody knows',
    notFound,
    { [app]: has, [proxy]: silent },
    proxy,
    'The registry answered that it does not have',
  ],
  [
    'that of the text, where no image is known',
    notFound,
    {},
    'ghcr.io/acme/text:1.0',
    'The registry answered that it does not have',
  ],
  [
    'that of the task, whatever the text calls it',
    denied,
    { [app]: silent },
    app,
    'The registry denied access to',
  ],
])('the image that is named is %s', (_, text, answers, image, line) => {
  const result = asked(missing, text, answers);

  expect(linesOf(result)).toEqual([expect.stringContaining(line)]);
  expect(linesOf(result)[0]).toContain(`\`${image}\``);
  expect(result).toMatchObject({
    resources: [image],
    fixes: [{ cli: `docker manifest inspect ${image}` }, {}],
  });
});

test('all images that are not there are named', () => {
  expect(asked(missing, umbrella, { [app]: hasNot, [proxy]: hasNot })).toMatchObject({
    resources: [app, proxy],
  });
});

test('a text of something else is said to be of the image of the task, or of its own', () => {
  const timeout = texts.manifestTimeout.replaceAll('team/web:v1', 'team/text:v1');

  expect(linesOf(asked(missing, timeout, { [app]: silent }))[0]).toContain(`\`${app}\``);
  expect(linesOf(asked(missing, timeout, {}))[0]).toContain('team/text:v1`');
});

const wants = 'registry-credentials-unusable';
test.each<[string, string, Readonly<Record<string, RegistryAnswer>>, Parameters<typeof asked>[3], string]>([
  ['a stranger is refused, as the task', umbrella, { [app]: refuses }, {}, 'found likely'],
  [
    'a stranger is refused, and the task has credentials',
    umbrella,
    { [app]: refuses },
    { withSecret: ['app'] },
    'not-applicable',
  ],
  [
    'a stranger is refused, and an instance may have credentials',
    umbrella,
    { [app]: refuses },
    { task: (one) => ({ ...one, launchType: 'EC2', stoppedReason: umbrella }) },
    'not-applicable',
  ],
  [
    'a stranger is refused, and the text is of something else',
    texts.manifestTimeout,
    { [app]: refuses },
    {},
    'ruled-out',
  ],
  ['the text is of something else', texts.manifestTimeout, { [app]: silent }, {}, 'ruled-out'],
  ['the text is open', umbrella, { [app]: silent }, {}, 'not-applicable'],
  ['the text says so', unauthorized, { [app]: silent }, {}, 'found likely'],
  ['the text says so, but it is not there', unauthorized, { [app]: hasNot }, {}, 'not-applicable'],
  ['the text says so, but anybody gets it', unauthorized, { [app]: has }, {}, 'undecided'],
  [
    'the text says so, anybody gets it, and the task has credentials',
    unauthorized,
    { [app]: has },
    { withSecret: ['app'] },
    'found likely',
  ],
  ['the text says so, and no image is known', unauthorized, {}, {}, 'found likely'],
])('credentials: %s', (_, text, answers, changes, expected) => {
  expect(short(asked(wants, text, answers, changes))).toBe(expected);
});

test.each<
  [string, string, Readonly<Record<string, RegistryAnswer>>, Parameters<typeof asked>[3], readonly string[]]
>([
  [
    'the one that is refused, and what its registry says',
    umbrella,
    { [app]: has, [proxy]: refuses },
    {},
    [
      `\`quay.io\` refuses \`${proxy}\` to whoever has no credentials; it is private, or not there`,
      'Container `proxy` has no `repositoryCredentials`',
    ],
  ],
  [
    'its credentials',
    unauthorized,
    { [app]: silent },
    { withSecret: ['app'] },
    [
      `The registry of \`${app}\` refused the pull for want of valid credentials`,
      'Container `app` uses the credentials in `arn:secret`',
    ],
  ],
  [
    'that it needs none',
    unauthorized,
    { [app]: has },
    { withSecret: ['app'] },
    [
      `The registry of \`${app}\` refused the pull for want of valid credentials`,
      `\`ghcr.io\` gives \`${app}\` to anybody, so it is the credentials that it refuses`,
      'Container `app` uses the credentials in `arn:secret`',
    ],
  ],
  [
    'nothing of a container that nobody could see',
    unauthorized,
    { [app]: silent },
    { taskDefinition: () => refused },
    [`The registry of \`${app}\` refused the pull for want of valid credentials`],
  ],
  [
    'the image of the text, where no other is known',
    unauthorized,
    {},
    {},
    ['The registry of `ghcr.io/acme/text:1.0` refused the pull for want of valid credentials'],
  ],
])('credentials: it names %s', (_, text, answers, changes, lines) => {
  expect(linesOf(asked(wants, text, answers, changes))).toEqual(lines);
});

test('credentials that are not needed may be removed, others must be corrected', () => {
  const fix = (answer: RegistryAnswer) =>
    asked(wants, unauthorized, { [app]: answer }, { withSecret: ['app'] });

  expect(fix(has)).toMatchObject({
    fixes: [{ do: expect.stringMatching(/^Remove `repositoryCredentials`, or correct/) }],
  });
  expect(fix(silent)).toMatchObject({
    resources: [app, 'arn:secret'],
    fixes: [{ do: expect.stringMatching(/^Correct the secret/) }],
  });
});

test('what the text alone tells names the host, or else the image; and only of Amazon ECR nobody logs in', () => {
  const limit = (images: readonly ImageReference[]) =>
    ask('registry-rate-limit', 'rate-limited', { images: () => images });
  const [ecr = outside(app)] = [
    { ...outside(app), ecr: { accountId: '1', region: 'x', fips: false, dualStack: false } },
  ];

  expect(limit([outside(app)])).toMatchObject({
    fixes: [{}, { do: expect.stringContaining('authenticate') }],
  });
  expect(limit([ecr])).toMatchObject({ fixes: [{ do: expect.stringContaining('pull through cache') }] });
  const proxied =
    'CannotPullContainerError: proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused';
  expect(linesOf(ask('proxy-blocks-registry', 'proxy-refuses', { text: proxied }))[0]).toContain(
    'team/web:v1`',
  );
  const unnamed = { text: `${umbrella} ghcr.io/acme/text:1.0: toomanyrequests: too many`, images: () => [] };
  expect(ask('registry-rate-limit', 'rate-limited', unnamed)).toMatchObject({
    resources: ['ghcr.io/acme/text:1.0'],
  });
  const untrusted = 'CannotPullContainerError: x509: certificate signed by unknown authority';
  expect(
    linesOf(ask('registry-certificate-untrusted', 'certificate-untrusted', { text: untrusted }))[0],
  ).toContain('`registry.example.com/app:1`');
  const down = 'CannotPullContainerError: Error response from daemon: unknown: service unavailable';
  expect(linesOf(ask('registry-unavailable', 'registry-down', { text: down }))[0]).toMatch(
    /answered with a server error$/,
  );
});

const inEcr = (text: string): ImageReference => ({
  ...outside(text),
  ecr: { accountId: '1', region: 'eu-west-1', fips: false, dualStack: false },
});

test.each<[string, Facts['images'], string]>([
  ['the image is outside AWS', [outside(app)], 'found'],
  ['one of two images is', [inEcr(proxy), outside(app)], 'found'],
  ['no image is', [inEcr(app)], 'not-applicable'],
  ['no image is known', [], 'found'],
])('a registry has rules of its own: %s', (_, images, status) => {
  const text =
    'CannotPullContainerError: Error response from daemon: unknown: current image with "Pending" status of vulnerability scanning cannot be pulled due to configured policy';

  const result = ask('registry-forbids-pull', 'healthy-nat-umbrella', { text, images: () => images });

  expect(result.status).toBe(status);
  if (status === 'found') expect(linesOf(result)[0]).toMatch(/^The registry refuses /);
});
