import { type Words, words } from '../command.ts';
import type { StoppedTask } from '../model/facts.ts';

type At = Pick<StoppedTask, 'taskArn' | 'region'>;

/**
 * The beginning of a command for IAM, up to its options. IAM is one for all Regions of a partition, and the AWS CLI finds it by the
 * Region: outside `aws` the reader's own may be of another partition. https://github.com/aws/aws-cli/issues/4264
 */
export const iamCommand = (operation: string, { taskArn, region }: At): Words =>
  partitionIn(taskArn) === 'aws'
    ? words`aws iam ${operation}`
    : words`aws iam ${operation} --region ${region}`;

/** The policy of AWS for the roles that pull. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSTaskExecutionRolePolicy.html */
export const taskExecutionPolicy = ({ taskArn }: Pick<At, 'taskArn'>): string =>
  `arn:${partitionIn(taskArn)}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy`;

/** The partition in an ARN. */
export const partitionIn = (arn: string): string => arn.split(':')[1] ?? '';
