/** https://api.slack.com/reference/surfaces/formatting#escaping */
export const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** A sentence of ours: identifiers in backticks stay code. A stray backtick from outside would end a span early. */
export const marked = (text: string): string => {
  const safe = escaped(text);
  return (safe.match(/`/g)?.length ?? 0) % 2 === 0 ? safe : safe.replace(/`/g, "'");
};

/** An escaped text cut to a length: never within a character or an entity. */
export const cut = (text: string, length: number): string =>
  text.length <= length
    ? text
    : `${text.slice(0, length - 1).replace(/(?:&[a-z]{0,3}|[\ud800-\udbff])$/, '')}…`;
