import { expect, test } from '@jest/globals';
import type { EcrTag, ImageReference } from '../../lambda/model/facts.ts';
import { ask, behindAnother, type Changes, everyImage, known, linesOf, refused } from '../support/asking.ts';

const asked = (changes: Changes = {}) => ask('image-not-found', 'tag-missing', changes);
const digest = `sha256:${'0c'.repeat(32)}`;
const byDigest = (images: readonly ImageReference[]) =>
  images.map((image) => ({ ...image, tag: null, digest }));
const tags = (...names: string[]): readonly EcrTag[] => names.map((tag) => ({ tag, digest, pushedAt: null }));
const arn = '`arn:aws:ecr:eu-west-1:111122223333:repository/team/web`';

test('what could not be read is neither there nor missing', () => {
  const result = asked({ ecrImages: everyImage({ manifest: refused }) });

  expect(result.status).toBe('undecided');
  expect(linesOf(result)[0]).toContain('ecr:BatchGetImage');
  expect(asked({ ecrImages: everyImage({ repositoryExists: refused }) }).status).toBe('found');
});

test('a digest that is missing is named, and no tag is near to it', () => {
  const result = asked({ images: byDigest, ecrImages: everyImage({ otherTags: known(tags('a', 'b')) }) });

  expect(linesOf(result)).toEqual([
    `${arn} has no image with the digest \`${digest}\``,
    'Newest tags: `a`, `b`',
  ]);
  expect(result).toMatchObject({
    fixes: [{}, { do: 'Or build and push the image, and name its new digest' }],
  });
  expect(JSON.stringify(result)).not.toContain('docker push');
});

test.each([
  ['nobody could list the tags', refused, [`${arn} has no image tagged \`v12\``]],
  [
    'there is no tag at all',
    known(tags()),
    [`${arn} has no image tagged \`v12\``, `${arn} has no tagged image at all`],
  ],
  [
    'no tag is near',
    known(tags('production-candidate')),
    [`${arn} has no image tagged \`v12\``, 'Newest tags: `production-candidate`'],
  ],
])('%s', (_, otherTags, lines) => {
  const result = asked({ ecrImages: everyImage({ otherTags }) });

  expect(linesOf(result)).toEqual(lines);
  expect(result).toMatchObject({
    fixes: [
      {
        do: 'In the task definition, name an image that exists',
        cdk: expect.stringContaining("'<tag>'"),
      },
      {},
    ],
  });
});

test('the answer is about the image that is missing, and not about the first of the task', () => {
  const result = asked({ images: behindAnother });

  expect(linesOf(result)[0]).toBe(`${arn} has no image tagged \`v12\``);
  expect(result).toMatchObject({ fixes: [{ do: expect.stringContaining('`v1`') }, {}] });
});
