import type { ImageReference, PermissionDecision, StoppedTask } from '../model/facts.ts';
import { type PolicyRequest, timeOf } from './request.ts';

/** A request of a pull. */
export type Asked = Pick<PermissionDecision, 'action' | 'resource'>;

/**
 * The Region that a request of a pull is made in: that of its repository. The token is asked for in the Region of each image;
 * `null` where they are of several.
 */
export function regionOfPull(
  { resource }: Pick<Asked, 'resource'>,
  images: readonly ImageReference[],
): string | null {
  const regions = new Set(images.flatMap(({ ecr }) => ecr?.region ?? []));
  return resource.split(':')[3] || (regions.size === 1 ? ([...regions][0] ?? null) : null);
}

/** The request that a pull makes, as the policies of its role see it. */
export function pullRequest(
  asked: Asked,
  roleArn: string,
  images: readonly ImageReference[],
  task: Pick<StoppedTask, 'createdAt' | 'stoppedAt'>,
): PolicyRequest {
  const region = regionOfPull(asked, images);
  return {
    action: asked.action,
    resource: asked.resource,
    principal: { kind: 'role', arn: roleArn, accountId: roleArn.split(':')[4] ?? '' },
    context: { ...(region && { 'aws:RequestedRegion': [region] }), 'aws:SecureTransport': ['true'] },
    ...timeOf(task),
  };
}
