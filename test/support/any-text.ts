import fc from './fast-check.ts';

// fast-check's own `binary` writes a table of all 1.1 million characters first.
const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((codePoint) => String.fromCodePoint(codePoint));

/** Texts of any characters, control characters and those outside the basic plane among them. */
export const anyText = (maxLength: number) => fc.string({ unit: anyCharacter, maxLength });
