import type { Account } from '../../aws/remediation-api.ts';
import type { RemediationStep } from '../../model/remediation.ts';
import { groupState } from './group.ts';
import { imageState } from './image.ts';
import { roleState } from './role.ts';
import { serviceState } from './service.ts';
import type { State } from './state.ts';

/** Reads what a step changes. `run` and `made` tell what the step itself has made, if it was applied. */
export function stateOf(
  step: RemediationStep,
  run: string,
  made: string | null,
  { look }: Account,
): Promise<State> {
  const { apply, region } = step;
  switch (apply.action) {
    case 'ec2:AuthorizeSecurityGroupEgress':
    case 'ec2:AuthorizeSecurityGroupIngress':
      return groupState(step, apply, run, made, look, region);
    case 'iam:AttachRolePolicy':
      return roleState(step, apply, look, region);
    case 'ecs:UpdateService':
      return serviceState(apply, made, look, region);
    case 'ecr:UpdateImageStorageClass':
      return imageState(step, apply, look, region);
    case 'ec2:RevokeSecurityGroupEgress':
    case 'ec2:RevokeSecurityGroupIngress':
    case 'iam:DetachRolePolicy':
      throw new Error(`a step does not begin with ${apply.action}: that takes a change back`);
  }
}
