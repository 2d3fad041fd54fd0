import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from '@jest/globals';

/** Compares a text with a file. `npm test -- -u` writes the file instead, for a person to read the difference. */
export function expectGolden(file: string, actual: string): void {
  const { snapshotState } = expect.getState() as unknown as { snapshotState: { _updateSnapshot: string } };
  if (snapshotState._updateSnapshot === 'all') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  if (!existsSync(file)) throw new Error(`${file} is missing: write it with npm test -- -u, and read it`);
  expect(actual).toBe(readFileSync(file, 'utf8'));
}
