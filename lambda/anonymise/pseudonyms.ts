import { nameWords, publicHosts, textWords } from './vocabulary.ts';

/** What stands for ids, numbers and words: the same always for the same. */
export class Pseudonyms {
  readonly #known = new Map<string, string>();
  readonly #key: number;

  constructor(key: number) {
    this.#key = key;
  }

  /** A name, an ARN, a host, an image reference: every word in it changes that is none of AWS. */
  forName(text: string): string {
    return this.#changed(text, (word) => nameWords.has(word), 3);
  }

  /** An error text: its plain words stay, whatever they are; words that are part of something change. */
  forText(text: string): string {
    return text.replace(/[^\s"'‘’<>()[\]{}\\]+/g, (token) => {
      if (/^[A-Za-z]+[.,:;!?]*$/.test(token)) return token;
      if (/arn:[a-z-]+:/.test(token)) return this.forName(token);
      return this.#changed(token, (word) => nameWords.has(word) || textWords.has(word), 6);
    });
  }

  #changed(text: string, keeps: (word: string) => boolean, shortestNumber: number): string {
    if (publicHosts.has(text)) return text;
    return text.replace(parts, (part: string, ...groups: unknown[]) => {
      const { kept, prefix, id, hex, word, digits } = groups.at(-1) as Record<string, string | undefined>;
      if (kept) return part;
      if (prefix && id) return `${prefix}${this.#id(part)}`;
      if (hex) return this.#hex(hex);
      if (word) return word.length === 1 || keeps(word.toLowerCase()) ? word : this.#word(word);
      return digits && digits.length >= shortestNumber ? this.#digits(digits) : part;
    });
  }

  #once(real: string, make: (count: number) => string): string {
    const known = this.#known.get(real) ?? make(this.#known.size + 1);
    this.#known.set(real, known);
    return known;
  }

  /** Seventeen hexadecimal digits, as ids have. */
  #id(real: string): string {
    return this.#once(`id ${real}`, (count) => `0${count.toString(16).padStart(16, 'a')}`);
  }

  #hex(real: string): string {
    return this.#once(`hex ${real}`, (count) =>
      count.toString(16).padStart(8, 'a').repeat(8).slice(0, real.length),
    );
  }

  /** All of one length, so that none begins with another; in the case of the real word. */
  #word(real: string): string {
    const lower = this.#once(`word ${real.toLowerCase()}`, (count) => `x${letters(count)}`);
    if (real === real.toLowerCase()) return lower;
    return real === real.toUpperCase() ? lower.toUpperCase() : `X${lower.slice(1)}`;
  }

  #digits(real: string): string {
    const first = 10 ** (Math.min(real.length, 15) - 1);
    return this.#once(`digits ${real}`, (count) =>
      String(first + (((this.#key % 97) * 1_000 + count * 7) % (first * 8))).padEnd(real.length, '0'),
    );
  }
}

const alphabet = 'bcdfghjklmnpqrstvwz';
const letters = (count: number): string =>
  [3, 2, 1, 0]
    .map((place) => alphabet.charAt(Math.floor(count / alphabet.length ** place) % alphabet.length))
    .join('');

/** What a name consists of: Regions and the like as they are, ids, long hexadecimal numbers, the humps of words, numbers. */
const parts = new RegExp(
  [
    String.raw`(?<kept>\bprod-[a-z0-9-]+-starport-layer-bucket\b|\b(?:us|eu|ap|sa|ca|me|af|il|mx|cn|eusc)(?:-(?:gov|iso[a-z]?|de))?-[a-z]+-\d[a-f]?\b|\bsha256:|(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2})?(?![\w.]*\d\.)|(?<![\w.:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:\/\d{1,3})?(?![\w.:]))`,
    String.raw`(?<prefix>\b(?:vpc|subnet|sg|rtb|acl|nat|igw|eigw|vpce|vpce-svc|dopt|i|eni|tgw|pcx|vgw|lgw|cagw|pl|rslvr-f[dr][lg]?-?)-)(?<id>[0-9a-z]{2,})\b`,
    String.raw`(?<hex>(?<![0-9A-Za-z])(?=[0-9a-f]*\d)[0-9a-f]{16,}(?![0-9A-Za-z]))`,
    '(?<word>[A-Z]?[a-z]+|[A-Z]+(?![a-z]))',
    String.raw`(?<digits>\d+)`,
  ].join('|'),
  'g',
);
