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

/** Every command that is shown for an incident: of its fixes, in its sentences, of its plans. */
function commandsOf(snapshot: Snapshot): readonly string[] {
  const diagnosis = diagnose(snapshot);
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

const codeOf = (snapshot: Snapshot) => fixesOf(diagnose(snapshot)).flatMap(({ cdk }) => cdk ?? []);

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
function reaching(snapshot: Snapshot): readonly string[] {
  const shown = [...commandsOf(snapshot), ...codeOf(snapshot)].join('\n');
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
  const values = reaching(snapshot);
  const kinds = [...commandsOf(snapshot), ...codeOf(snapshot)].map((text) =>
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

describe.each(Object.entries(payloads))('a text that %s', (kind, payload) => {
  test.each(incidents)('$name', ({ snapshot, values }) => {
    const hostile = values.map((value) => poisoned(snapshot, value, payload));

    // Each command is whole, and calls nothing but the programs that it is for.
    const commands = hostile.flatMap(commandsOf);
    const { calls, left } = calledBy(commands);
    const programs = calls.map(([program = '']) => program);
    expect(left).toEqual([]);
    expect(programs.filter((one) => /^end \d/.test(one))).toEqual(commands.map((_, index) => `end ${index}`));
    expect(programs.filter((one) => !/^(?:aws|docker|ecs-pull-doctor|end \d+|)$/.test(one))).toEqual([]);
    const given = values.map(payload);
    expect(calls.flat().filter((word) => /^(?:-|file:)/.test(word) && given.includes(word))).toEqual([]);
    for (const code of hostile.flatMap(codeOf))
      expect(code.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, '')).not.toMatch(/pwned|file:/);

    if (!kind.startsWith('ends')) return;
    for (const incident of hostile) {
      const diagnosis = diagnose(incident);
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
