import type { PermissionDecision, StoppedTask } from '../model/facts.ts';
import { type PolicyRequest, timeOf } from './request.ts';

/** The request that a pull makes in the Region of its image, as the policies of its role see it. */
export const pullRequest = (
  { action, resource }: Pick<PermissionDecision, 'action' | 'resource'>,
  roleArn: string,
  region: string,
  task: Pick<StoppedTask, 'createdAt' | 'stoppedAt'>,
): PolicyRequest => ({
  action,
  resource,
  principal: { kind: 'role', arn: roleArn, accountId: roleArn.split(':')[4] ?? '' },
  context: { 'aws:RequestedRegion': [region], 'aws:SecureTransport': ['true'] },
  ...timeOf(task),
});
