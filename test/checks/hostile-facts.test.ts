import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../lambda/diagnose.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import type { Snapshot } from '../../lambda/model/facts.ts';
import { commandOf } from '../../lambda/remediate/command.ts';
import { plansFor } from '../../lambda/remediate/plan.ts';
import { formats } from '../../lambda/render/index.ts';
import { offerBlocks } from '../../lambda/render/offer.ts';
import { byHandText } from '../../lambda/render/plan.ts';
import { snapshotNames, snapshotOf } from '../support/snapshots.ts';
import { inTurn } from '../support/whole.ts';

/** What a stranger may have put into a saved incident, a name, a tag or an error text. */
const inTheShell = `'"$(touch pwned)\`touch pwned\`;touch pwned|touch pwned&&touch pwned>pwned`;
const payloads: Readonly<Record<string, (value: string) => string>> = {
  'ends words and quotes': (value) => `${value}${inTheShell}<script src=x><!channel>`,
  'ends lines': (value) => `${value}\n touch pwned\n\u001b[2J\u202e#'\n touch pwned`,
  'is an option': (value) => `--${value}`,
  'is a file that the AWS CLI would send': (value) => `file://${value}`,
};

const fixesOf = ({ causes, otherProblems }: Diagnosis) =>
  [...causes, ...otherProblems].flatMap(({ fixes }) => fixes);

/** What is said of an incident, and every command and piece of code in it. */
function told(snapshot: Snapshot) {
  const diagnosis = diagnose(snapshot);
  const code = fixesOf(diagnosis).flatMap(({ cdk }) => cdk ?? []);
  return { snapshot, diagnosis, code, commands: commandsOf(snapshot, diagnosis) };
}

/** Every command that is shown for an incident: of its fixes, in its sentences, of its plans. */
function commandsOf(snapshot: Snapshot, diagnosis: Diagnosis): readonly string[] {
  const plans = plansFor(snapshot, diagnosis).flatMap((one) => (one.status === 'ready' ? [one.plan] : []));
  const sentences = [...diagnosis.suspects.flatMap((one) => (one.status === 'undecided' ? [one.ask] : []))];
  return [
    ...fixesOf(diagnosis).flatMap(({ cli }) => cli ?? []),
    ...sentences.flatMap((text) => /`((?:docker|aws) .*)`/s.exec(text)?.[1] ?? []),
    ...plans.flatMap((plan) => [
      ...plan.steps.flatMap(({ apply, undo, region }) => [commandOf(apply, region), commandOf(undo, region)]),
      ...offerBlocks({ plan, approval: 'person', task: snapshot.facts.task.value }).flatMap((block) =>
        block.kind === 'list'
          ? block.items.flatMap((item) => /`(ecs-pull-doctor remediate .*)`$/s.exec(item)?.[1] ?? [])
          : [],
      ),
    ]),
  ];
}

/** Fields that hold one of our own words, or one of few that AWS has. */
const ours = /^(?:status|why|kind|decision|type|launchType|interface|from|state|protocol|action)$/;

/** Every text of what was learnt, changed. */
function changed(value: unknown, change: (text: string) => string, key = ''): unknown {
  if (typeof value === 'string') return ours.test(key) ? value : change(value);
  if (Array.isArray(value)) return value.map((one) => changed(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, changed(one, change, name)]));
}

/** The same incident with one text replaced, wherever it stands in what was learnt. */
const poisoned = (snapshot: Snapshot, value: string, payload: (value: string) => string): Snapshot => ({
  ...snapshot,
  facts: changed(snapshot.facts, (text) => text.replaceAll(value, () => payload(value))) as Snapshot['facts'],
});

/** The texts of an incident that get into its commands and code, whole or as parts of longer ones. */
function reaching(snapshot: Snapshot, commands: readonly string[]): readonly string[] {
  const shown = commands.join('\n');
  const found = new Set<string>();
  changed(snapshot.facts, (text) => {
    for (const part of [text, ...text.split(/[\s"'`,:;/]+/).filter((one) => /[\d-]/.test(one))])
      if (part.length > 2 && shown.includes(part)) found.add(part);
    return text;
  });
  return [...found];
}

/** One incident for each kind of command: those whose commands differ in nothing but names add nothing. */
const seen = new Set<string>();
const incidents = snapshotNames.flatMap((name) => {
  const snapshot = snapshotOf(name);
  const { commands, code } = told(snapshot);
  const values = reaching(snapshot, [...commands, ...code]);
  const kinds = [...commands, ...code].map((text) =>
    values.reduce((all, value) => all.replaceAll(value, '…'), text).replaceAll(/\d+/g, 'n'),
  );
  const isNew = kinds.some((kind) => !seen.has(kind));
  for (const kind of kinds) seen.add(kind);
  return isNew && values.length > 0 ? [{ name, snapshot, values }] : [];
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
const control = /[\u0000-\u0008\u000b-\u001f\u202e]/;

/** What a shell calls for these commands, with blanks filled in; nothing that it calls is a real program. */
function calledBy(commands: readonly string[]): {
  readonly calls: readonly string[][];
  readonly left: string[];
} {
  const folder = mkdtempSync(join(tmpdir(), 'pasted-'));
  try {
    const filled = commands.map((one) => one.replace(/<[\w ]+>/g, 'blank'));
    const script = [
      'for name in aws docker ecs-pull-doctor touch',
      `do eval "$name() { printf '%s\\037' $name \\"\\$@\\" >&2; printf '\\036' >&2; }"`,
      'done',
      ...filled.flatMap((one, index) => [one, `printf '%s\\036' 'end ${index}' >&2`]),
    ].join('\n');
    const said = execFileSync('/bin/bash', ['--norc', '-c', `exec 2>&1 >/dev/null\n${script}`], {
      cwd: folder,
      env: { PATH: '' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const calls = said.split('\u001e').map((call) => call.split('\u001f'));
    return { calls, left: readdirSync(folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the incidents show commands of most kinds', () => {
  expect(incidents.length).toBeGreaterThan(20);
});

const kinds = Object.entries(payloads);
const cases = kinds.map(
  ([kind, payload], turn) => [kind, payload, inTurn(incidents, kinds.length, turn)] as const,
);

describe.each(cases)('a text that %s', (kind, payload, chosen) => {
  test.each(chosen)('$name', ({ snapshot, values }) => {
    const hostile = values.map((value) => told(poisoned(snapshot, value, payload)));

    // Each command is whole, and calls nothing but the programs that it is for.
    const commands = hostile.flatMap((one) => one.commands);
    const { calls, left } = calledBy(commands);
    const programs = calls.map(([program = '']) => program);
    expect(left).toEqual([]);
    expect(programs.filter((one) => /^end \d/.test(one))).toEqual(commands.map((_, index) => `end ${index}`));
    expect(programs.filter((one) => !/^(?:aws|docker|ecs-pull-doctor|end \d+|)$/.test(one))).toEqual([]);
    const given = values.map(payload);
    expect(calls.flat().filter((word) => /^(?:-|file:)/.test(word) && given.includes(word))).toEqual([]);
    for (const code of hostile.flatMap((one) => one.code))
      expect(code.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, '')).not.toMatch(/pwned|file:/);

    if (!kind.startsWith('ends')) return;
    for (const { snapshot: incident, diagnosis } of hostile) {
      expect(diagnosis.crashed).toEqual([]);
      const { description, ...card } = JSON.parse(formats.chat(diagnosis)).content;
      // The page is the slowest to make, and its template escapes whatever it is given.
      const page = kind === 'ends lines' ? [] : [formats.html(diagnosis, undefined, incident)];
      const pages = [...page, description, JSON.stringify(card)];
      for (const one of pages) expect(one).not.toMatch(/<script src|<!channel/);
      const texts = [formats.terminal(diagnosis), formats.email(diagnosis), byHandText(diagnosis)];
      for (const text of texts) expect(text).not.toMatch(/^ ?touch pwned/m);
      for (const text of [...pages, ...texts]) expect(text).not.toMatch(control);
    }
  });
});
