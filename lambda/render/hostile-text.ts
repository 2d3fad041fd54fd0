/**
 * A text from outside (an error, a name), made safe to print: on one line, without control characters and marks that turn the
 * direction of reading, cut to a length.
 */
export function tame(text: string, limit = 2_000): string {
  const line = visible(text.replace(/\s+/g, ' ')).replace(/ {2,}/g, ' ').trim();
  return line.length <= limit ? line : `${cutAt(line, limit - 1)}…`;
}

/** A text of several lines without control characters and marks that turn the direction of reading. */
export const visible = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]/g, '');

/** Never in the middle of a surrogate pair. */
function cutAt(text: string, length: number): string {
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 1 : length);
}
