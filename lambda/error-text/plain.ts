import { onOneLine } from './lines.ts';

/** Longer texts are read up to here: ECS gives at most 1,024 characters, and a text from elsewhere must not stall us. */
export const readLimit = 16_384;

const named: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  nbsp: ' ',
  amp: '&',
};

const character = (code: number) => (code <= 0x10ffff ? String.fromCodePoint(code) : ' ');

/** A text without a single space, or with many escaped ones: a query in a URL that a text quotes has none. */
const isUrlEncoded = (text: string) =>
  /%[0-9a-f]{2}/i.test(text) && (!/\s/.test(text) || /(?:%20.*){3}/s.test(text));

const urlDecoded = (text: string) =>
  (/\s|%20/.test(text) ? text : text.replace(/\+/g, ' ')).replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replace(/%/g, ''), 'hex').toString(),
  );

/** What terminals make colours of, also where the character that nobody sees was lost. */
const control = String.fromCharCode(0x1b);
const colours = new RegExp(
  String.raw`${control}?\[\d{1,3}(?:;\d{1,3}){0,4}m|${control}\[[\d;]*[A-Za-z]`,
  'g',
);

/**
 * The text as it was written: consoles, terminals, mails, chats, JSON and HTML wrap lines, colour words, escape characters and set
 * typographic ones, and no pattern should have to know.
 */
export const plain = (text: string): string =>
  onOneLine(
    (isUrlEncoded(text) ? urlDecoded(text) : text)
      .replace(/(?<!\\)\\+u([0-9a-f]{4})/gi, (_, code: string) => character(Number.parseInt(code, 16)))
      .replace(colours, '')
      .replace(/<\/?(?:br|p|td|tr|th|span|wbr)\b[^<>]{0,100}>/gi, ' ')
      .replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(quot|apos|lt|gt|nbsp|amp));/gi, (_, hex, decimal, name) =>
        name
          ? (named[name.toLowerCase()] ?? '')
          : character(hex ? Number.parseInt(hex, 16) : Number(decimal)),
      )
      .replace(/(?<!\\)\\+[nr]/g, '\n')
      .replace(/(?<!\\)\\+t/g, ' ')
      .replace(/[‘’‚‛′]/g, "'")
      .replace(/[“”„‟″«»]/g, '"')
      .replace(/(?<!\\)\\+(["'/])/g, '$1')
      .replace(/[\u00ad\u200b-\u200f\u2060-\u2069\ufeff]/g, ''),
  )
    .replace(/\s+/g, ' ')
    // French typography sets a space before a colon; the colon of Chinese and Japanese has its space within.
    .replace(/ ?： ?| ?:(?= |$)/g, (colon) => (colon.includes('：') ? ': ' : ':'))
    .trim();

/**
 * A plain text without the names that people chose, for whoever asks what kind of text it is: a repository may be called
 * `toomanyrequests`, and a role `ssm`.
 */
export const withoutNames = (text: string): string =>
  text
    .replace(/\(service [^)\s]+\)/gi, '(service)')
    .replace(/\b(arn:aws[\w-]*:[\w-]+:)[^\s"',;]*[^\s"',;:.]/gi, '$1')
    .replace(
      /(?<![\w-]|[^/]\/)([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,127}(?::\d{1,5})?\/(?:v2\/)?)(?!v2\/)[a-z0-9][\w./-]*?(?=\/(?:manifests|blobs)\/|[:@\s"',)]|$)/gi,
      '$1image',
    );
