import { expect, test } from '@jest/globals';
import { collect } from '../../lambda/collect/collect.ts';
import { diagnose } from '../../lambda/diagnose.ts';
import { stoppedTask } from '../../lambda/event.ts';
import type { RegistryAnswer } from '../../lambda/model/facts.ts';
import { fakeAws } from '../support/account.ts';
import { ask } from '../support/asking.ts';
import { ec2World, natWorld, stoppedEvent } from '../support/worlds.ts';

const image = 'ghcr.io/acme/app:1.0';
const umbrella = `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${image}`;
const notFound = `${umbrella}: ${image}: not found`;
const denied = `${umbrella}: pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth`;
const unauthorized = `${umbrella}: unexpected status code [manifests 1.0]: 401 Unauthorized`;
const wrongPlatform = `${umbrella}: image Manifest does not contain descriptor matching platform 'linux/amd64'`;

const has = (...platforms: string[]): RegistryAnswer => ({
  status: 'found',
  digest: null,
  mediaType: null,
  platforms,
});
const nobody = { status: 'no-answer', because: 'late' } as const;

interface Case {
  readonly text: string;
  readonly answer: RegistryAnswer;
  readonly credentials?: boolean;
  readonly on?: 'fargate' | 'ec2';
  readonly cpu?: string;
}

async function said({ text, answer, credentials = false, on = 'fargate', cpu }: Case) {
  const account = on === 'ec2' ? ec2World() : natWorld();
  account.taskDefinition['containerDefinitions'] = [
    { name: 'web', image, ...(credentials && { repositoryCredentials: { credentialsParameter: 'hub' } }) },
  ];
  if (cpu) account.taskDefinition['runtimePlatform'] = { cpuArchitecture: cpu };
  const task = stoppedTask(stoppedEvent({ text, image, on }));
  if (!task) throw new Error('the text must be that of a failed pull');
  const { causes, suspects, ruledOut, otherProblems } = diagnose(
    await collect(task, fakeAws(account), new Date(0), { askRegistry: async () => answer }),
  );
  expect(otherProblems).toEqual([]);
  const about = [
    'external-image-not-found',
    'registry-credentials-unusable',
    'platform-mismatch',
    'registry-rate-limit',
  ];
  const ids = (findings: readonly { check: { id: string }; certainty?: string }[]) =>
    findings
      .filter(({ check }) => about.includes(check.id))
      .map(({ check, certainty }) => [check.id, certainty].filter(Boolean).join(' '));
  return { causes: ids(causes), suspects: ids(suspects), ruledOut: ids(ruledOut) };
}

test.each<[string, Case, string[], string[]]>([
  [
    'the registry does not have it',
    { text: umbrella, answer: { status: 'not-found' } },
    ['external-image-not-found proven'],
    [],
  ],
  [
    'text and registry say so',
    { text: notFound, answer: { status: 'not-found' }, credentials: true },
    ['external-image-not-found proven'],
    [],
  ],
  [
    'it may be hidden from strangers',
    { text: umbrella, answer: { status: 'not-found' }, credentials: true },
    ['external-image-not-found likely'],
    [],
  ],
  [
    'the instance may have credentials',
    { text: umbrella, answer: { status: 'not-found' }, on: 'ec2' },
    ['external-image-not-found likely'],
    [],
  ],
  ['it is there by now', { text: notFound, answer: has() }, [], ['external-image-not-found']],
  ['only the text says so', { text: notFound, answer: nobody }, ['external-image-not-found likely'], []],
  [
    'a stranger is refused, and the task is one',
    { text: umbrella, answer: { status: 'denied' } },
    ['registry-credentials-unusable likely'],
    ['external-image-not-found'],
  ],
  [
    'a stranger is refused, and the task is none',
    { text: umbrella, answer: { status: 'denied' }, credentials: true },
    [],
    ['external-image-not-found'],
  ],
  [
    'a stranger is refused, and the instance may be none',
    { text: umbrella, answer: { status: 'denied' }, on: 'ec2' },
    [],
    ['external-image-not-found'],
  ],
  [
    'a stranger gets it, the task does not',
    { text: unauthorized, answer: has(), credentials: true },
    ['registry-credentials-unusable likely'],
    [],
  ],
  [
    'refused then, given to anybody now',
    { text: unauthorized, answer: has() },
    [],
    ['registry-credentials-unusable'],
  ],
  [
    'denied, and not there',
    { text: denied, answer: { status: 'not-found' } },
    ['external-image-not-found proven'],
    [],
  ],
  [
    'the index lacks the CPU',
    { text: umbrella, answer: has('linux/arm64') },
    ['platform-mismatch proven'],
    [],
  ],
  [
    'the index lacks the other CPU',
    { text: umbrella, answer: has('linux/amd64'), cpu: 'ARM64' },
    ['platform-mismatch proven'],
    [],
  ],
  [
    'the index lacks the system',
    { text: umbrella, answer: has('windows/amd64') },
    ['platform-mismatch proven'],
    [],
  ],
  ['the index has it', { text: umbrella, answer: has('linux/arm64', 'linux/amd64') }, [], []],
  ['the text says so', { text: wrongPlatform, answer: nobody }, ['platform-mismatch proven'], []],
  // Our address has reached a limit: that says nothing about the address of the task.
  ['the registry limits us', { text: umbrella, answer: { status: 'rate-limited' } }, [], []],
  [
    'the registry fails for us',
    { text: umbrella, answer: { status: 'server-error', httpStatus: 503 } },
    [],
    [],
  ],
  [
    'we would not go there',
    { text: umbrella, answer: { status: 'not-checked', because: 'elsewhere' } },
    [],
    [],
  ],
])('%s', async (_, given, causes, suspects) => {
  expect(await said(given)).toMatchObject({ causes, suspects });
});

test('what the registry shows is ruled out, with the evidence', async () => {
  const { ruledOut } = await said({ text: umbrella, answer: has('linux/amd64') });

  expect(ruledOut).toEqual(['external-image-not-found', 'platform-mismatch']);
});

test("a host of one's own is not replaced by an instance with a newer image", () => {
  const fixesOn = (launchType: 'EC2' | 'EXTERNAL' | 'FARGATE') =>
    JSON.stringify(
      ask('container-runtime-failed', 'container-runtime-down', {
        task: ({ containerInstanceArn, ...task }) => ({
          ...task,
          launchType,
          containerInstanceArn: launchType === 'FARGATE' ? null : containerInstanceArn,
        }),
      }),
    );

  expect(fixesOn('EC2')).toContain('Drain the instance');
  expect(fixesOn('EXTERNAL')).not.toContain('Drain the instance');
  expect(fixesOn('EXTERNAL')).toContain('Restart Docker and the ECS agent');
  // Nobody reaches a host of AWS.
  expect(fixesOn('FARGATE')).toContain('Start the task again');
  expect(fixesOn('FARGATE')).not.toMatch(/Drain the instance|Restart Docker/);
});

test('a disk of the host that fails is said to be that', () => {
  const text =
    'CannotPullContainerError: failed to register layer: open /var/lib/docker/image/overlay2/layerdb/tmp/write-set-1/diff: read-only file system';

  expect(ask('container-runtime-failed', 'container-runtime-down', { text })).toMatchObject({
    evidence: [expect.stringMatching(/^The disk of the host failed while /)],
  });
});
