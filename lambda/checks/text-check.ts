import { candidatesOf, leavesOpen, speakingSymptom } from '../error-text/pull-error.ts';
import type { Check, Fix, Found } from '../model/check.ts';
import type { ImageReference, PullError, StoppedTask } from '../model/facts.ts';
import { defineCheck, everyStep, found, notApplicable, ruledOut } from './define.ts';

interface TextCheck extends Pick<Check, 'id' | 'cause' | 'source'> {
  /** Ids of the symptoms that show the cause. */
  readonly symptoms: readonly string[];
  /** *Proven* where the text itself says it. */
  readonly certainty: Found['certainty'];
  /** What the text says, as the sentence "… answered" or the like. */
  evidence(error: PullError, image: string): string;
  fixes(error: PullError, image: ImageReference | undefined, task: StoppedTask): readonly Fix[];
  /** For which images it can be the cause at all. */
  readonly applies?: (image: ImageReference) => boolean;
}

/** A check that reads only the text: AWS has no call that would show the cause. */
export const defineTextCheck = ({
  id,
  cause,
  source,
  symptoms,
  certainty,
  evidence,
  fixes,
  applies,
}: TextCheck): Check =>
  defineCheck({
    id,
    cause,
    source,
    needs: ['task', 'pullError', 'images'],

    examine({ task, pullError, images }) {
      const suspects = applies ? images.filter(applies) : images;
      if (images.length > 0 && suspects.length === 0) return notApplicable('no suspect image is of the kind');
      const [image] = suspects;
      const name = image?.text ?? pullError.image ?? 'the image';
      if (symptoms.includes(speakingSymptom(pullError) ?? ''))
        return found(certainty, {
          evidence: [evidence(pullError, name)],
          resources: [name],
          fixes: fixes(pullError, image, task),
          closes: everyStep,
        });
      // That a connection ended says nothing of why: it may well have been this.
      const mayBe = pullError.reached === 'end' && candidatesOf(pullError).includes(id);
      if (mayBe || leavesOpen(pullError)) return notApplicable('no error text says so');
      return ruledOut(`The text for \`${name}\` says something else`);
    },
  });
