import { jest } from '@jest/globals';
import type { Read } from '../../lambda/aws/api.ts';
import { handlerWith } from '../../lambda/handler.ts';
import type { IncidentTable } from '../../lambda/incident/table.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import type { Message } from '../../lambda/publish/message.ts';
import { type Account, fakeAws } from '../support/account.ts';
import { incidentTable } from '../support/incident-table.ts';
import { natWorld } from '../support/worlds.ts';

/** The time at which it runs. */
export const now = Date.parse('2026-11-20T03:04:10Z');

interface Wish {
  readonly account?: Account;
  /** Instead of an account: what the reader does. */
  readonly read?: Read;
  /** Throws what the topic would. */
  readonly refuses?: (message: Message) => void;
  /** Instead of an empty table. */
  readonly table?: IncidentTable;
  /** Milliseconds left after so many messages. */
  readonly leftAfter?: (told: number) => number;
}

/** The function over a small account, with what it told, read and logged. */
export function theFunction({
  account = natWorld(),
  read,
  refuses = () => {},
  leftAfter = () => 60_000,
  table,
}: Wish = {}) {
  const told: Message[] = [];
  const calls: string[] = [];
  const asked: { region: string; budget: number }[] = [];
  const log = { bugs: [] as unknown[], warnings: [] as unknown[], lines: [] as unknown[] };
  jest.spyOn(console, 'error').mockImplementation((entry) => void log.bugs.push(entry));
  jest.spyOn(console, 'warn').mockImplementation((entry) => void log.warnings.push(entry));
  jest.spyOn(console, 'log').mockImplementation((entry) => void log.lines.push(entry));
  const ownTable = table ? Promise.resolve({ table }) : incidentTable();
  const handlerOver = (incidents: IncidentTable) =>
    handlerWith(() => ({
      readerOf: (region, budget) => {
        asked.push({ region, budget });
        return read ?? fakeAws(account, calls);
      },
      publish: async (message) => {
        refuses(message);
        told.push(message);
      },
      announce: async () => {},
      table: incidents,
      patience: { minimumFailures: 1, quietWindow: 0 },
      now: () => new Date(now),
      maxReceiveCount: 5,
    }));
  // Metrics go straight to standard output.
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const run = async (event: unknown) => handlerOver((await ownTable).table)(event, clock);
  const clock = { getRemainingTimeInMillis: () => leftAfter(told.length) };
  return {
    told,
    calls,
    asked,
    log,
    /** The JSON that programs get. */
    diagnoses: (): Diagnosis[] => told.map(({ machine }) => JSON.parse(machine)),
    direct: (event: unknown) => run(event),
    /** Ids of the records that go back to the queue. */
    batch: async (...records: readonly (string | object)[]): Promise<string[]> => {
      const answer = await run({
        Records: records.map((record, at) => ({ ...asRecord(record), messageId: `m${at + 1}` })),
      });
      return answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) ?? [];
    },
  };
}

const asRecord = (record: string | object) =>
  typeof record === 'object' && 'body' in record
    ? record
    : {
        body: typeof record === 'string' ? record : JSON.stringify(record),
        attributes: { ApproximateReceiveCount: '1' },
      };

/** A record that was received some times before. */
export const received = (times: number, event: object) => ({
  body: JSON.stringify(event),
  attributes: { ApproximateReceiveCount: String(times) },
});
