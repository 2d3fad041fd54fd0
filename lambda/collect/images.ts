import { failedToPull, pullErrorText } from '../event.ts';
import { nameOf, parseImageReference } from '../image/reference.ts';
import type { Container, StoppedTask } from '../model/facts.ts';
import { defineCollector } from './define.ts';
import { errorOf } from './error-of.ts';

/**
 * The suspects: the containers that say so themselves, else those whose image the text names, else all that did not run. An
 * event may name no image at all: then the one in the text.
 */
export default defineCollector({
  fact: 'images',
  needs: ['task'],
  collect: async ({ task }) => {
    const seen = new Set<string>();
    if (!task.containers.some(({ image }) => image !== null)) {
      const { image } = errorOf(task);
      const named = image === undefined ? null : parseImageReference(image);
      return named && named.invalid === null ? [named] : [];
    }
    return suspects(task).flatMap(({ image, name }) => {
      if (!image || seen.has(image)) return [];
      seen.add(image);
      return [parseImageReference(image, name)];
    });
  },
});

function suspects(task: StoppedTask): readonly Container[] {
  const withImage = task.containers.filter(({ image }) => image !== null);
  const failed = withImage.filter(failedToPull);
  if (failed.length > 0) return failed;

  const text = pullErrorText(task) ?? '';
  const named = withImage.filter(({ image }) => image && names(text, image));
  if (named.length > 0) return named;
  const namedWithoutTag = withImage.filter(
    ({ image }) => image && nameOf(image).includes('/') && standsIn(text, nameOf(image)),
  );
  if (namedWithoutTag.length > 0) return namedWithoutTag;

  const idle = withImage.filter(({ ran }) => !ran);
  return idle.length > 0 ? idle : withImage;
}

/**
 * Whether a text names an image, as a whole. One without a tag is named with the tag that it means: alone it may be a word such as
 * `registry`, or the beginning of another.
 */
function names(text: string, image: string): boolean {
  const written =
    nameOf(image) === image
      ? [`${image}:latest`, `${image}/manifests/latest`, `access denied for ${image}`]
      : [image];
  return written.some((one) => standsIn(text, one));
}

/** Whether a name stands in a text and is no part of a longer word: `web:v1` is not `web:v10`. */
function standsIn(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const after = text.slice(at + name.length, at + name.length + 2);
    if (!/[\w.-]/.test(text[at - 1] ?? '') && !/^(?:[\w-]|\.\w)/.test(after)) return true;
  }
  return false;
}
