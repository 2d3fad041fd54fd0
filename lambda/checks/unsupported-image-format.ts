import { blank, command } from '../command.ts';
import { fieldReport } from '../error-text/sources.ts';
import { defineTextCheck } from './text-check.ts';

/** The manifest or a layer has a media type that the container runtime does not read. */
export default defineTextCheck({
  id: 'unsupported-image-format',
  cause: 'The image has a format that the runtime does not read',
  source: fieldReport("number of layers and diffIDs don't match"),
  symptoms: ['image-format'],
  certainty: 'proven',
  evidence: (_, image) => `The runtime could not read the manifest or a layer of \`${image}\``,
  fixes: (_, image) => [
    {
      do: 'Build the image as an OCI or Docker v2 image, with gzip or zstd layers, and push it again',
      cli: command`docker buildx build --output type=image,name=${image?.text ?? blank('image')},push=true,oci-mediatypes=true,compression=gzip .`,
    },
    { do: 'An encrypted image, or one of schema 1, does not run on Amazon ECS' },
  ],
});
