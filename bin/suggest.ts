import { distance } from 'fastest-levenshtein';
import { UsageError } from './usage-error.ts';

/** The choice that was probably meant by a word that is none: one that holds it, is held by it or has the same letters, else the nearest spelling. */
export function nearest(word: string, choices: readonly string[]): string | undefined {
  const [meant] = choices
    .map((choice) => ({
      choice,
      far:
        word.length > 2 &&
        (choice.includes(word) || word.includes(choice) || letters(choice) === letters(word.slice(0, 128)))
          ? 1
          : distance(word.slice(0, 128), choice),
    }))
    .filter(({ choice, far }) => far <= Math.max(1, Math.floor(choice.length / 3)))
    .toSorted((a, b) => a.far - b.far);
  return meant?.choice;
}

const letters = (word: string) => [...word].toSorted().join('');

/** What is wrong with a word that had to be one of a few. */
export function unknownChoice(kind: string, word: string, choices: readonly string[]): UsageError {
  const meant = nearest(word, choices);
  return new UsageError(
    `unknown ${kind} '${word.slice(0, 200)}'${meant ? `: did you mean ${meant}? Choose` : ', choose'} one of: ${choices.join(', ')}`,
  );
}
