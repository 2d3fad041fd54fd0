import { blank, command } from '../command.ts';
import { fieldReport } from '../error-text/sources.ts';
import { defineTextCheck } from './text-check.ts';

/** A layer is not in the registry, does not fit its digest, or could not be unpacked. */
export default defineTextCheck({
  id: 'corrupt-layer',
  cause: 'A layer of the image is damaged',
  source: fieldReport('unexpected commit digest'),
  symptoms: ['corrupt-layer', 'layer-not-unpacked', 'layer-not-found', 'device-mapper-failed'],
  certainty: 'likely',
  evidence: (_, image) => `A layer of \`${image}\` could not be found, verified or unpacked`,
  fixes: (_, image) => [
    {
      do: 'Build the image again and push it under a new tag',
      cli: command`docker build --no-cache -t ${image?.text ?? blank('image')} . && docker push ${image?.text ?? blank('image')}`,
    },
    { do: 'On EC2, remove the half-downloaded image from the instance, or replace the instance' },
  ],
});
