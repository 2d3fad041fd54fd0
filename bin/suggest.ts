import { distance } from 'fastest-levenshtein';
import { UsageError } from './usage-error.ts';

/** The choice that was probably meant by a word that is none: one that holds it or is held by it, else the nearest spelling. */
export function nearest(word: string, choices: readonly string[]): string | undefined {
  const [meant] = choices
    .map((choice) => ({
      choice,
      far:
        word.length > 2 && (choice.includes(word) || word.includes(choice))
          ? 1
          : distance(word.slice(0, 128), choice),
    }))
    .filter(({ choice, far }) => far <= Math.max(1, Math.floor(choice.length / 3)))
    .toSorted((a, b) => a.far - b.far);
  return meant?.choice;
}

/** What is wrong with a word that had to be one of a few. */
export function unknownChoice(kind: string, word: string, choices: readonly string[]): UsageError {
  const meant = nearest(word, choices);
  return new UsageError(
    `unknown ${kind} '${word.slice(0, 200)}'${meant ? `: did you mean ${meant}? Choose` : ', choose'} one of: ${choices.join(', ')}`,
  );
}
