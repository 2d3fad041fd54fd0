import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import { snapshotOf } from '../support/snapshots.ts';
import { stoppedEvent, texts } from '../support/worlds.ts';
import { bundledProgram, type Run } from './program.ts';

let program: ReturnType<typeof bundledProgram>;
let server: Server | undefined;

beforeAll(() => {
  program = bundledProgram();
}, 60_000);
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});
afterAll(() => program.remove());

/** What no user may see. */
const noStackTrace = ({ stdout, stderr }: Run) =>
  expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at .*[:(]\d+|node:internal/);

const credentials = {
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'eu-west-1',
  AWS_MAX_ATTEMPTS: '1',
};
const event = (options: Partial<Parameters<typeof stoppedEvent>[0]> = {}) =>
  JSON.stringify(stoppedEvent({ text: texts.tokenTimeout, ...options }));

/** An AWS that answers every call in one way. */
async function awsThat(answer: RequestListener): Promise<Record<string, string>> {
  server = createServer(answer);
  const listening = server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => listening.once('listening', resolve));
  return { ...credentials, AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Lets nobody do anything. */
const refuseAll: RequestListener = (request, response) => {
  const json = request.headers['x-amz-target'] !== undefined;
  response.writeHead(403, { 'content-type': json ? 'application/x-amz-json-1.1' : 'text/xml' });
  response.end(
    json
      ? '{"__type":"AccessDeniedException","message":"no"}'
      : '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors><RequestID>x</RequestID></Response>',
  );
};

describe('arguments', () => {
  test.each([
    [[], /Usage: ecs-pull-doctor <command>/],
    [['frobnicate'], /unknown command 'frobnicate', choose one of: diagnose, preflight, remediate, undo/],
    [['toString'], /unknown command/],
    [['help', '__proto__'], /unknown command '__proto__', choose one of: diagnose/],
    [['checks', 'nat'], /checks does not take 'nat'/],
    [['replay'], /replay takes one file/],
    [['replay', 'none.json'], /there is no file 'none.json'/],
    [['replay', '.'], /is a folder/],
    [['remediate'], /name the task: --task <ARN>, [^\n]*, or --cluster <name> --service <name>\n$/],
    [
      ['remediate', '--cluster', 'c', '--service', 's', '--apply'],
      /nobody can be asked here: approve with --yes/,
    ],
    [['remediate', '--cluster', 'c', '--service', 's', '--yes'], /--yes approves nothing without --apply/],
    [['undo'], /holds no run to take back: remediate --apply writes one/],
    [['undo', 'x'], /there is no run 'x' in ecs-pull-doctor-journal\.json/],
    [['undo', '--journal', 'none/journal.json'], /cannot be written \(ENOENT\)/],
    [['diagnose'], /name the task: --task <ARN>, .*, or --event <file>/],
    [
      ['diagnose', '--cluster'],
      /: --cluster needs a value: --cluster <value>; see: ecs-pull-doctor diagnose --help\n$/,
    ],
    [['diagnose', '--cluster', '--service', 'web'], /: --cluster needs a value: .* --help\n$/],
    [
      ['diagnose', '--cluster', 'c', '--service', 's', '--save', 'none/incident.json'],
      /--save: the file 'none\/incident\.json' cannot be written \(ENOENT\)/,
    ],
    [['--versoin'], /unknown option '--versoin': did you mean --version\?/],
    [['diagnose', '--cluster', 'prod'], /--cluster <name> --service <name>/],
    [
      ['diagnose', '--tusk', 'x'],
      /Unknown option '--tusk': did you mean --task\? see: ecs-pull-doctor diagnose --help/,
    ],
    [['diagnose', '--task', 'not an arn'], /no AWS Region is set|is not the ARN or the id of a task/],
    [['diagnose', '--event', '-', '--format', 'pdf'], /unknown format 'pdf', choose one of: terminal, email/],
    [['diagnose', '--event', '-', '--subnets', 'sg-1'], /--subnets takes ids that begin with subnet-/],
    [['diagnose', '--event', '-', '--assign-public-ip', 'maybe'], /ENABLED or DISABLED, not 'maybe'/],
    [
      ['diagnose', '--event', '-', '--registries', 'registry.example.com,https://evil.example.com'],
      /--registries takes names of hosts such as registry\.example\.com, not 'https:\/\/evil/,
    ],
    [['diagnose', '--event', '-', '--registries', '10.0.0.5'], /--registries takes names of hosts/],
    [['explain'], /explain takes a text/],
    [['explain', '-'], /the text is empty/],
    [['explain', 'x', '--format', 'yaml'], /unknown format 'yaml'/],
    [['demo', 'none'], /unknown incident 'none', choose one of: /],
    [['demo', 'nat', 'layers'], /demo takes one incident, not also 'layers'/],
    [['demo', '--format', 'json'], /with --format json choose one incident: .* demo layers --format json/],
    [['checks', '--format', 'xml'], /unknown format 'xml'/],
  ])('%j: exit code 2 and a message that says what to do', async (args, message) => {
    const result = await program.run(args);

    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(message);
    expect(result.stdout).toBe('');
    noStackTrace(result);
  });

  test.each([
    ['--help'],
    ['diagnose', '--help'],
    ['help', 'explain'],
    ['--version'],
    ['checks'],
    ['replay', '-h'],
  ])('%s helps with exit code 0', async (...args) => {
    const result = await program.run(args);

    expect(result.code).toBe(0);
    expect(result.stdout.length).toBeGreaterThan(3);
    expect(result.stderr).toBe('');
  });

  test('colour goes only to a terminal', async () => {
    const { stdout } = await program.run(['demo', 'nat']);

    expect(stdout).not.toContain('\u001b');
  });
});

describe('events', () => {
  test.each([
    ['not JSON', '{ nope', /standard input is not JSON/],
    ['nothing', '', /standard input is empty/],
    ['a number', '7', /not an EventBridge event/],
    [
      'a saved incident',
      '{"schemaVersion":1,"collectedAt":"2026-11-20T03:04:10.000Z","facts":{}}',
      /is a saved incident, not an event; try: ecs-pull-doctor replay <file>/,
    ],
    ['null', 'null', /not an EventBridge event.*`aws ecs describe-tasks`/],
    ['comments', `// from the archive\n${event()}`, /standard input is not JSON/],
    [
      'several events, one in a line',
      `${event()}\n${event()}\n`,
      /more than one JSON value: give one of its lines/,
    ],
    ['an empty list', '[]', /an empty list/],
    [
      'tasks that ECS has forgotten',
      '{"tasks":[],"failures":[{"reason":"MISSING"}]}',
      /ECS forgets a stopped task/,
    ],
    ['a record that is no JSON', '{"Messages":[{"Body":"hello"}]}', /the body of the record is not JSON/],
    ['an object that is no event', '{"a":1}', /not an EventBridge event/],
    ['a task without an ARN', '{"detail-type":"ECS Task State Change","detail":{}}', /not an ECS task/],
    [
      'an ARN that is none',
      '{"detail-type":"ECS Task State Change","detail":{"taskArn":"<!channel>","stoppedReason":"CannotPullContainerError"}}',
      /is not the ARN of an ECS task/,
    ],
  ])('%s: exit code 2 and a message', async (_, stdin, message) => {
    const result = await program.run(['diagnose', '--event', '-'], { stdin });

    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(message);
    noStackTrace(result);
  });

  test.each([
    [
      'another event',
      JSON.stringify({
        'detail-type': 'EC2 Instance State-change Notification',
        source: 'aws.ec2',
        detail: {},
      }),
    ],
    ['a task that a person stopped', event({ text: 'Task stopped by user' })],
    [
      'a container that ran from a cached image',
      JSON.stringify(
        stoppedEvent({
          text: texts.onInstance,
          on: 'ec2',
          detail: {
            stoppedReason: 'Essential container in task exited',
            containers: [
              { name: 'web', image: 'a/b', reason: texts.onInstance, exitCode: 1, runtimeId: 'x' },
            ],
          },
        }),
      ),
    ],
  ])('%s is no pull failure, and needs no credentials', async (_, stdin) => {
    const result = await program.run(['diagnose', '--event', '-', '--format', 'json'], { stdin });

    expect(JSON.parse(result.stdout)).toEqual({
      schemaVersion: 1,
      conclusion: 'not-a-pull-failure',
      causes: [],
    });
    expect(result.code).toBe(1);
  });
});

test('an event of another failure is answered with its reason', async () => {
  const reason = 'ResourceInitializationError: failed to validate logger args: signal: killed';
  const stdin = JSON.stringify(stoppedEvent({ text: reason }));

  const { stdout } = await program.run(['diagnose', '--event', '-'], { stdin });

  expect(stdout).toBe(`This event reports no failed image pull: ${reason}\n`);
});

describe('what people have at hand', () => {
  const { detail, ...envelope } = stoppedEvent({ text: texts.tokenTimeout });
  const other = stoppedEvent({ text: 'Task stopped by user' });

  test.each([
    ['a list of events, of which one is a failed pull', JSON.stringify([other, { ...envelope, detail }])],
    ['what `aws ecs describe-tasks` prints', JSON.stringify({ tasks: [other.detail, detail], failures: [] })],
    ['a task alone', JSON.stringify(detail)],
    ['what `aws sqs receive-message` prints', JSON.stringify({ Messages: [{ Body: event() }] })],
    ['a mark before the text', `\ufeff${event()}`],
    ['UTF-16', Buffer.from(`\ufeff${event()}`, 'utf16le')],
  ])('%s', async (_, stdin) => {
    const env = await awsThat(refuseAll);

    const result = await program.run(['diagnose', '--event', '-', '--format', 'json'], { stdin, env });

    expect((JSON.parse(result.stdout) as Diagnosis).error).toBe(texts.tokenTimeout);
  });
});

describe('an AWS account', () => {
  const diagnosisOf = ({ stdout }: Run) => JSON.parse(stdout) as Diagnosis;

  test('without credentials the message says where they are looked for', async () => {
    const result = await program.run(['diagnose', '--event', '-'], {
      stdin: event(),
      env: { AWS_REGION: 'eu-west-1' },
    });

    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(
      /no AWS credentials were found: set AWS_PROFILE, give --profile, or log in/,
    );
    noStackTrace(result);
  });

  test('whoever takes back a run without credentials is told so, and nothing is taken off the journal', async () => {
    const plan = {
      id: 'p',
      expiresAt: '2026-11-20T00:00:00.000Z',
      steps: [],
      region: 'eu-west-1',
      accountId: '111122223333',
    };
    const journal = JSON.stringify({
      schemaVersion: 1,
      plans: [],
      runs: [{ id: 'r1', status: 'applied', plan, entries: [] }],
    });
    const file = join(program.folder, 'journal.json');
    writeFileSync(file, journal);

    const result = await program.run(['undo', '--journal', 'journal.json', '--profile', 'nobody']);

    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/the profile 'nobody' gives no AWS credentials/);
    expect(readFileSync(file, 'utf8')).toBe(journal);
  });

  test('a profile that does not exist is named, whatever is asked first', async () => {
    const result = await program.run(['preflight', '--cluster', 'prod', '--region', 'eu-west-1'], {
      env: { AWS_PROFILE: 'nobody' },
    });

    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/the profile 'nobody' gives no AWS credentials/);
  });

  test('a profile that does not exist is named', async () => {
    const result = await program.run(['diagnose', '--event', '-', '--profile', 'nobody'], { stdin: event() });

    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/nobody/);
    noStackTrace(result);
  });

  test('a Region that is none is named', async () => {
    const result = await program.run(
      ['diagnose', '--cluster', 'prod', '--service', 'web', '--region', 'mars'],
      { env: credentials },
    );

    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/'mars' is not the name of an AWS Region/);
  });

  test('expired credentials are said to have expired', async () => {
    const env = await awsThat((_, response) => {
      response.writeHead(403, {
        'content-type': 'application/x-amz-json-1.1',
        'x-amzn-errortype': 'ExpiredTokenException',
      });
      response.end(
        '{"__type":"ExpiredTokenException","message":"The security token included in the request is expired"}',
      );
    });

    const result = await program.run(['diagnose', '--cluster', 'prod', '--service', 'web'], { env });

    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/the AWS credentials have expired: log in again/);
    noStackTrace(result);
  });

  test.each([
    [
      'HTML',
      (_: unknown, response: Parameters<RequestListener>[1]) =>
        void response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<!doctype html><h1>Welcome to the hotel</h1>'),
    ],
    [
      'empty answers',
      (_: unknown, response: Parameters<RequestListener>[1]) => void response.writeHead(200).end(),
    ],
    [
      'server errors',
      (_: unknown, response: Parameters<RequestListener>[1]) => void response.writeHead(500).end('oops'),
    ],
    [
      'connections that break',
      (_: unknown, response: Parameters<RequestListener>[1]) => void response.socket?.destroy(),
    ],
  ])(
    'where AWS answers with %s, nothing is read as "no"',
    async (_, answer) => {
      const env = await awsThat(answer as RequestListener);

      const result = await program.run(['diagnose', '--event', '-', '--format', 'json'], {
        stdin: event(),
        env,
      });

      noStackTrace(result);
      if (result.code === 2) {
        expect(result.stderr).toMatch(/AWS/);
      } else {
        expect(diagnosisOf(result).causes).toEqual([]);
        expect(diagnosisOf(result).otherProblems).toEqual([]);
        expect(diagnosisOf(result).suspects.length).toBeGreaterThan(0);
      }
    },
    60_000,
  );

  test('where AWS throttles, no permission is said to be missing', async () => {
    const env = await awsThat((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const json = request.headers['x-amz-target'] !== undefined;
        if (/GetCallerIdentity/.test(body)) {
          response.writeHead(200, { 'content-type': 'text/xml' });
          response.end(
            '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
          );
          return;
        }
        response.writeHead(400, { 'content-type': json ? 'application/x-amz-json-1.1' : 'text/xml' });
        response.end(
          json
            ? '{"__type":"ThrottlingException","message":"Rate exceeded"}'
            : '<Response><Errors><Error><Code>Throttling</Code><Message>slow</Message></Error></Errors></Response>',
        );
      });
    });

    const result = await program.run(['diagnose', '--event', '-'], { stdin: event(), env });

    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(/gave no usable answer \(`?Throttling/);
    expect(result.stdout).not.toMatch(/AWS refused|[Aa]llow it|Allow `/);
  }, 60_000);

  test('where not even the identity may be asked for, the report still names the calls to allow', async () => {
    const env = await awsThat(refuseAll);

    const result = await program.run(['diagnose', '--event', '-'], { stdin: event(), env });

    expect(result.code).toBe(1);
    expect(result.stdout).toContain('AWS refused `ec2:DescribeSubnets`');
    expect(result.stderr).toBe('');
  });

  test('an empty answer does not mean that the service has no stopped task', async () => {
    const env = await awsThat((_, response) => void response.writeHead(200).end('{}'));

    const result = await program.run(['diagnose', '--cluster', 'prod', '--service', 'web'], { env });

    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/ecs:ListTasks failed with EmptyAnswer/);
  });

  test('where every call is refused, the report names the calls to allow', async () => {
    const env = await awsThat((request, response) => {
      const identity = /GetCallerIdentity/;
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        if (identity.test(body)) {
          response.writeHead(200, { 'content-type': 'text/xml' });
          response.end(
            '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/me</Arn><UserId>A</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>',
          );
          return;
        }
        refuseAll(request, response);
      });
    });

    const result = await program.run(['diagnose', '--event', '-', '--format', 'json'], {
      stdin: event(),
      env,
    });

    const { causes, otherProblems, suspects, conclusion } = diagnosisOf(result);
    expect(causes).toEqual([]);
    expect(otherProblems).toEqual([]);
    expect(conclusion).toBe('suspected');
    expect(JSON.stringify(suspects)).toContain('ec2:DescribeSubnets');
    expect(result.code).toBe(1);
  });

  test('a task in another account is not judged by what these credentials see', async () => {
    const env = await awsThat((_, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>999988887777</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
      );
    });

    const result = await program.run(['diagnose', '--event', '-', '--format', 'json'], {
      stdin: event(),
      env,
    });

    expect(diagnosisOf(result).causes).toEqual([]);
    expect(JSON.stringify(diagnosisOf(result).suspects)).toMatch(
      /the task runs in account 111122223333, and the credentials are those of account 999988887777/,
    );
  });

  test('an answer that never comes costs a fact, not the run', async () => {
    const env = await awsThat(() => {});

    const started = Date.now();
    const result = await program.run(['diagnose', '--event', '-'], { stdin: event(), env });

    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/^ecs-pull-doctor: AWS could not be reached in eu-west-1 .*\n$/);
    expect(Date.now() - started).toBeLessThan(40_000);
  }, 60_000);
});

describe('hostile text', () => {
  const hostile = `CannotPullContainerError: ${'x'.repeat(1_000_000)}\u001b[31m <!channel> <@U123> \u202e https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/x?X-Amz-Signature=0123456789abcdef&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE`;

  test.each(['terminal', 'email', 'chat', 'json'])(
    'a reason of 1 MB with control characters and mentions cannot break %s',
    async (format) => {
      const snapshot = join(program.folder, 'hostile.json');
      const { stdout: demo } = await program.run(['demo', 'nat', '--format', 'json']);
      const task = JSON.parse(demo) as Diagnosis;
      const facts = {
        task: {
          status: 'known',
          value: {
            taskArn: task.taskArn,
            clusterArn: '<!channel>',
            region: 'eu-west-1',
            accountId: '111122223333',
            group: 'service:<!channel>',
            startedBy: null,
            launchType: 'EXTERNAL',
            platformVersion: null,
            taskDefinitionArn: null,
            containerInstanceArn: null,
            stoppedReason: hostile,
            stopCode: null,
            createdAt: null,
            pullStartedAt: null,
            stoppedAt: null,
            version: 1,
            containers: [],
            subnetId: null,
            privateIpv4Address: null,
            ephemeralStorageGiB: null,
            cpuArchitecture: null,
            executionRoleArnOverride: null,
            givenNetwork: null,
          },
        },
      } as Record<string, unknown>;
      for (const name of [
        'images',
        'caller',
        'taskDefinition',
        'service',
        'containerInstance',
        'instance',
        'placement',
        'securityGroupIds',
        'publicIp',
        'subnets',
        'vpc',
        'vpcDns',
        'dhcpOptions',
        'vpcSubnets',
        'routeTables',
        'networkAcls',
        'securityGroups',
        'vpcEndpoints',
        'natGateways',
        'internetGateways',
        'servicePrefixLists',
        'prefixLists',
        'pullingRole',
        'pullPermissions',
        'registryPolicy',
        'ecrImages',
      ])
        facts[name] = { status: 'unknown', why: 'not-recorded' };
      writeFileSync(
        snapshot,
        JSON.stringify({ schemaVersion: 1, collectedAt: '2026-11-20T00:00:00Z', facts }),
      );

      const result = await program.run(['replay', snapshot, '--format', format]);

      expect(result.code).toBe(1);
      noStackTrace(result);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
      if (format !== 'json') expect(result.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
      if (format === 'chat') expect(result.stdout).not.toMatch(/<[!@]/);
      if (format !== 'json') expect(result.stdout.length).toBeLessThan(20_000);
    },
  );
});

describe('a saved incident that somebody has edited', () => {
  const { facts, ...rest } = snapshotOf('nat-gateway-private');
  const edited = { ...rest, facts: { ...facts, networkAcls: { status: 'known', value: [null] } } };

  test.each(['replay', 'anonymise'])('%s names the file, and what to do', async (command) => {
    const file = join(program.folder, 'edited.json');
    writeFileSync(file, JSON.stringify(edited));
    const result = await program.run([command, file]);

    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^ecs-pull-doctor: '.*edited\.json' cannot be read .* save it again/);
    noStackTrace(result);
  });
});
