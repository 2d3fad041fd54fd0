/** Longer texts are read up to here: ECS gives at most 1,024 characters, and a text from elsewhere must not stall us. */
export const readLimit = 16_384;

/**
 * The text as it was written: consoles, mails, JSON and HTML wrap lines, escape characters and set typographic ones, and no
 * pattern should have to know.
 */
export const plain = (text: string): string =>
  text
    .replace(/(?<!\\)\\+u([0-9a-f]{4})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replace(/&(?:quot|#34);/g, '"')
    .replace(/&(?:apos|#39);/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/(?<!\\)\\+(["'])/g, '$1')
    .replace(/(?<!\\)\\+[nrt]/g, ' ')
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/\u200b/g, '')
    .replace(/\s+/g, ' ')
    // French typography sets a space before a colon.
    .replace(/ ?[:：](?= |$)/g, ':')
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
      /(?<![\w-])([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,127}(?::\d{1,5})?\/(?:v2\/)?)(?!v2\/)[a-z0-9][\w./-]*?(?=\/(?:manifests|blobs)\/|[:@\s"',)]|$)/gi,
      '$1image',
    );
