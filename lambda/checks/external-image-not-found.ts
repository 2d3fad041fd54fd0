import { command } from '../command.ts';
import { leavesOpen, speakingSymptom } from '../error-text/pull-error.ts';
import { defineCheck, everyStep, found, notApplicable, ruledOut, undecided } from './define.ts';
import { type Asked, outsideEcr, pullsAsStranger, says } from './registry-answers.ts';
import { cannotPullPage } from './sources.ts';

const notFound = ['image-not-found', 'digest-not-found', 'repository-not-found', 'image-exists'];

/** A registry outside Amazon ECR does not have the image, or does not tell whether it has it. */
export default defineCheck({
  id: 'external-image-not-found',
  cause: 'The registry does not have the image',
  source: cannotPullPage(
    'CannotPullContainerError: pull image manifest has been retried',
    '#pull-request-image-tag',
  ),
  needs: ['task', 'pullError', 'images'],
  uses: ['externalImages', 'taskDefinition'],

  examine({ task, pullError, images }, { externalImages, taskDefinition }) {
    const outside = outsideEcr(images, externalImages);
    if (images.length > 0 && outside.length === 0)
      return notApplicable('all suspect images are in Amazon ECR');

    const speaking = speakingSymptom(pullError) ?? '';
    const missing = outside.filter(says('not-found'));
    // To a stranger a registry may deny what it has: the text, or that the task is a stranger too, makes sure.
    const isSure =
      notFound.includes(speaking) ||
      missing.every(({ image }) => pullsAsStranger(image, taskDefinition, task));
    if (missing.length > 0)
      return found(isSure ? 'proven' : 'likely', {
        ...about(missing),
        evidence: missing.map(
          ({ image }) => `\`${image.registry}\` answers that it does not have \`${image.text}\``,
        ),
      });

    const there = outside.filter(says('found'));
    const isThere = outside.length > 0 && there.length === outside.length;
    const nowThere = there.map(({ image }) => `\`${image.registry}\` gives \`${image.text}\` to anybody`);
    if ([...notFound, 'pull-access-denied'].includes(speaking)) {
      const [image = null] = outside.filter((one) => !says('found')(one)).map((one) => one.image);
      const name = image?.text ?? pullError.image ?? 'the image';
      if (isThere)
        return undecided(
          `${nowThere[0]} now, so it may have been pushed after the task stopped`,
          there.map((one) => one.image.text),
          'Start the task again; if it fails with the same text, compare the name in the task definition letter by letter',
        );
      return found('likely', {
        ...about([], name),
        evidence: [
          notFound.includes(speaking)
            ? `The registry answered that it does not have \`${name}\``
            : `The registry denied access to \`${name}\`, which is also its answer for a repository that does not exist`,
        ],
      });
    }
    if (isThere) return ruledOut(...nowThere.slice(0, 3));
    if (!leavesOpen(pullError))
      return ruledOut(
        `The text for \`${outside[0]?.image.text ?? pullError.image ?? 'the image'}\` says something else`,
      );
    const [denied] = outside.filter(says('denied'));
    if (denied)
      return undecided(
        `\`${denied.image.registry}\` does not tell a stranger whether it has \`${denied.image.text}\``,
        [denied.image.text],
        `Ask it with the credentials of the task: \`docker manifest inspect ${denied.image.text}\``,
      );
    return notApplicable('no error text says so');
  },
});

const about = (asked: readonly Asked[], name = asked[0]?.image.text ?? 'the image') => ({
  resources: asked.length > 0 ? asked.map(({ image }) => image.text) : [name],
  closes: everyStep,
  fixes: [
    {
      do: 'Check the name and the tag of the image for typing errors',
      cli: command`docker manifest inspect ${name}`,
    },
    { do: 'Copy the images of production to Amazon ECR, where nobody else can remove them' },
  ],
});
