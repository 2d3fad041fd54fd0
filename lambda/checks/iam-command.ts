import type { StoppedTask } from '../model/facts.ts';

/**
 * The beginning of a command for IAM, up to its options. IAM is one for all Regions of a partition, and the AWS CLI finds it by the
 * Region: outside `aws` the reader's own may be of another partition. https://github.com/aws/aws-cli/issues/4264
 */
export const iamCommand = (
  operation: string,
  { taskArn, region }: Pick<StoppedTask, 'taskArn' | 'region'>,
): string => `aws iam ${operation}${taskArn.split(':')[1] === 'aws' ? '' : ` --region ${region}`}`;
