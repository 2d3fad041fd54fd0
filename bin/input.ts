import { accessSync, constants, readFileSync, readSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import * as v from 'valibot';
import { collectors } from '../lambda/collect/index.ts';
import type { Snapshot } from '../lambda/model/facts.ts';
import { type Format, formats } from '../lambda/render/index.ts';
import { nearest, unknownChoice } from './suggest.ts';
import { UsageError } from './usage-error.ts';

/** Parses arguments; a mistake becomes a message that names the command's help. */
export function parse<const O extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  args: readonly string[],
  options: O,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const said = error instanceof Error ? error.message.split(/\.\s/)[0] : String(error);
    const [, valueless] =
      /^Option '(?:-\w, )?(--[\w-]+).*argument (?:missing|is ambiguous)/.exec(said ?? '') ?? [];
    if (valueless)
      throw new UsageError(
        `${valueless} needs a value: ${valueless} <value>; see: ecs-pull-doctor ${command} --help`,
      );
    const [, wrong] = /Unknown option '--?([^']+)'/.exec(said ?? '') ?? [];
    const meant = wrong && nearest(wrong, Object.keys(options));
    throw new UsageError(
      `${said}${meant ? `: did you mean --${meant}?` : ';'} see: ecs-pull-doctor ${command} --help`,
    );
  }
}

/** Fails before any work is done if a file could not be written when it is. */
export function mustBeWritable(option: string, file: string): void {
  try {
    accessSync(dirname(resolve(file)), constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${option}: the file '${file}' cannot be written (${code}): name one in a folder that is there`,
    );
  }
}

/** The text of a file, or of standard input for `-`. */
export function readText(file: string): string {
  try {
    return textOf(file === '-' ? standardInput() : readFileSync(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`there is no file '${file}'`);
    if (code === 'EISDIR') throw new UsageError(`'${file}' is a folder, not a file`);
    if (code === 'EACCES') throw new UsageError(`the file '${file}' may not be read`);
    throw error;
  }
}

/**
 * All of standard input. A dependency imports `node:process`, and Node.js then makes standard input non-blocking: whoever writes
 * more slowly than we read, as the AWS CLI does, must be waited for.
 */
function standardInput(): Buffer {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536);
    try {
      const length = readSync(0, chunk);
      if (length === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, length));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Windows says so of a pipe that has ended.
      if (code === 'EOF') return Buffer.concat(chunks);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** PowerShell writes files in UTF-16, and some editors a mark before UTF-8. */
function textOf(bytes: Buffer): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** The JSON of a file, or of standard input for `-`. */
export function readJson(file: string): unknown {
  const text = readText(file);
  const where = file === '-' ? 'standard input' : `'${file}'`;
  if (text.trim() === '') throw new UsageError(`${where} is empty: expected JSON`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      isJson(text.trim().split('\n', 1)[0] ?? '')
        ? `${where} holds more than one JSON value: give one of its lines`
        : `${where} is not JSON: ${(error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ')}`,
    );
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A snapshot that `diagnose --save` wrote. */
function readSnapshot(file: string): Snapshot {
  const json = readJson(file);
  const fact = v.object({ status: v.picklist(['known', 'unknown']) });
  const shape = v.object({
    schemaVersion: v.literal(1),
    collectedAt: v.string(),
    facts: v.looseObject({
      task: v.object({
        status: v.literal('known'),
        value: v.looseObject({
          taskArn: v.string(),
          stoppedReason: v.string(),
          containers: v.array(v.unknown()),
        }),
      }),
      images: fact,
    }),
  });
  const { success, issues } = v.safeParse(shape, json);
  if (!success) {
    const isEvent = typeof json === 'object' && json !== null && 'detail-type' in json;
    throw new UsageError(
      isEvent
        ? `'${file}' is an event, not a snapshot; try: ecs-pull-doctor diagnose --event ${file}`
        : `'${file}' is not a snapshot of this version (${v.getDotPath(issues[0]) ?? 'it'} is missing, or not as it should be); diagnose --save writes one`,
    );
  }
  const { facts, ...snapshot } = json as Snapshot;
  // A snapshot of an earlier version lacks facts that are asked for today: nobody recorded them.
  const unasked = Object.keys(collectors).map((name) => [name, { status: 'unknown', why: 'not-recorded' }]);
  return { ...snapshot, facts: { ...Object.fromEntries(unasked), ...facts } };
}

/** What is done with a saved incident. Whatever in it has another type than `diagnose --save` writes ends it with the name of the file. */
export function withSnapshot<T>(file: string, use: (snapshot: Snapshot) => T): T {
  const snapshot = readSnapshot(file);
  try {
    return use(snapshot);
  } catch (error) {
    throw new UsageError(
      `'${file}' cannot be read as a saved incident (${error instanceof Error ? error.message : error}). If it was edited, save it again with diagnose --save; if not, report it with the file`,
      { cause: error },
    );
  }
}

/** The format that was asked for; the terminal's own if none was. */
export function formatOf(name: string | undefined): Format {
  if (name === undefined) return 'terminal';
  if (Object.hasOwn(formats, name)) return name as Format;
  throw unknownChoice('format', name, Object.keys(formats));
}

/** A list written with commas. */
export const listOf = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
