import { visible } from './hostile-text.ts';

/** HTML or SVG that is safe to print: made by `markup`, which escapes whatever is not markup itself, or a constant of ours. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | null | readonly Part[];

/**
 * A template for HTML and SVG. Every value is escaped, for text and for attributes in double quotes, and
 * loses its control characters; `null` is nothing.
 */
export const markup = (strings: TemplateStringsArray, ...values: readonly Part[]): Markup =>
  new Markup(strings.map((text, index) => text + written(values[index] ?? null)).join(''));

function written(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(written).join('');
  return visible(String(part)).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
