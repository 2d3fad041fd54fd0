import { blank, command } from '../command.ts';
import { leavesOpen } from '../error-text/pull-error.ts';
import { defineCheck, found, notApplicable, ruledOut } from './define.ts';
import { ecrGuide } from './sources.ts';

/** Images of a repository may be encrypted with a key of one's own; without the key they cannot be read. */
export default defineCheck({
  id: 'image-encryption-key-unusable',
  cause: 'The key that encrypts the repository cannot be used',
  source: ecrGuide('Encryption at rest', 'encryption-at-rest.html'),
  needs: ['task', 'pullError', 'images'],
  uses: ['ecrImages'],

  examine({ task, pullError, images }, { ecrImages }) {
    const list = ecrImages.status === 'known' ? ecrImages.value : [];
    const keys = list.flatMap(({ encryptionKey, repositoryArn }) =>
      encryptionKey?.status === 'known' && encryptionKey.value
        ? [{ key: encryptionKey.value, repositoryArn }]
        : [],
    );
    const image = images.find(({ ecr }) => ecr)?.text ?? task.taskArn;
    const said = pullError.symptoms.includes('kms-refused') && pullError.step !== 'secrets';
    if (said) {
      const key = keys[0]?.key;
      return found('likely', {
        evidence: [
          `AWS refused the key of the repository of \`${image}\`${key ? `, which is \`${key}\`` : ''}`,
        ],
        resources: [...(key ? [key] : []), keys[0]?.repositoryArn ?? image],
        closes: ['manifest', 'layers'],
        fixes: [
          {
            do: `Enable ${key ? `\`${key}\`` : 'the key'}, cancel its deletion, and keep the grant of Amazon ECR on it`,
            cli: command`aws kms describe-key --region ${task.region} --key-id ${key ?? blank('key')} --query KeyMetadata.KeyState && aws kms list-grants --region ${task.region} --key-id ${key ?? blank('key')}`,
          },
        ],
      });
    }
    return leavesOpen(pullError) || list.length === 0
      ? notApplicable('no error text says so')
      : ruledOut(`The text for \`${image}\` says nothing of a key`);
  },
});
