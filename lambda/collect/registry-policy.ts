import { CallFailed } from '../aws/call-failed.ts';
import { defineCollector, ownedByOther } from './define.ts';

/** The policy of the private registry that the suspect image is in; AWS shows it to the registry's own account only. */
export default defineCollector({
  fact: 'registryPolicy',
  needs: ['task', 'images'],

  async collect({ task, images }, read) {
    const registry = images.find(({ ecr }) => ecr)?.ecr;
    if (!registry) return null;
    if (registry.accountId !== task.accountId)
      return ownedByOther(registry.accountId, 'ecr:GetRegistryPolicy');
    try {
      const { policyText } = await read('ecr:GetRegistryPolicy', {}, registry.region);
      if (!policyText) throw new CallFailed('ecr:GetRegistryPolicy', 'EmptyAnswer', 'no-answer');
      return policyText;
    } catch (error) {
      if (error instanceof CallFailed && error.code === 'RegistryPolicyNotFoundException') return null;
      throw error;
    }
  },
});
