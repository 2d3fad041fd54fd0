import { expect, test } from '@jest/globals';
import { accessibilityFaults, open, pageOf, textsOutside } from './page.ts';

/** What holds for the page of each of these snapshots. Those of one file are opened by one browser. */
export function mustBeSound(names: readonly string[]): void {
  test.each(names)(
    'the page of %s has no fault that axe finds, draws inside its boxes, asks for nothing and logs nothing',
    async (name) => {
      const { asked, logged } = await open(pageOf(name), { bypassCSP: true });

      expect(await accessibilityFaults()).toEqual([]);
      expect(await textsOutside()).toEqual([]);
      expect(asked).toEqual([]);
      expect(logged).toEqual([]);
    },
  );
}
