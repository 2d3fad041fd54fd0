import { blank, type Words, words } from '../command.ts';

/** The options of a command for Amazon ECR that say which repository is meant, by its ARN. */
export function ofRepository(arn: string): Words {
  const [, region = '', accountId = '', name] =
    /^arn:[\w-]+:ecr:([\w-]+):(\d+):repository\/(.+)$/.exec(arn) ?? [];
  return name
    ? words`--region ${region} --registry-id ${accountId} --repository-name ${name}`
    : words`--repository-name ${blank('repository')}`;
}
