const noValue = 'a fact that is unknown has no value';

/** Mutants that no test can see, by file, as `scripts/mutate.ts` writes them, and why. */
export const equivalent: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'lambda/checks/execution-role-cannot-pull.ts': {
    "pullingRole.status === 'known' → true": noValue,
    'byBoundary && boundary → (byBoundary)': 'what is empty is filtered out of the resources below',
  },
  'lambda/checks/execution-role-missing.ts': { "taskDefinition.status === 'known' → true": noValue },
  'lambda/checks/image-archived.ts': { "image.manifest.status === 'known' → true": noValue },
  'lambda/checks/image-expired-by-lifecycle-policy.ts': {
    "!isCached(image) && image.manifest.status === 'known' → (!isCached(image))": noValue,
    "answer && 'because' in answer → (answer)": 'an answer that names a rule has been given before',
  },
  'lambda/checks/image-not-found.ts': {
    "manifest.status === 'known' && manifest.value === null → (manifest.value === null)": noValue,
  },
  'lambda/checks/network-check.ts': {
    'addresses.length === 1 && kind → (addresses.length === 1)':
      'one of one is there; the type does not say so',
  },
  'lambda/checks/no-space-left.ts': {
    "taskDefinition.status === 'known' → true": noValue,
    "manifest.status === 'known' && manifest.value?.sizeInBytes → (manifest.value?.sizeInBytes)": noValue,
    "containerInstance.status === 'known' && containerInstance.value?.ec2InstanceId → (containerInstance.value?.ec2InstanceId)":
      noValue,
  },
  'lambda/checks/organization-policy-denies-pull.ts': {
    "pullingRole.status === 'known' && pullingRole.value?.roleArn → (pullingRole.value?.roleArn)": noValue,
  },
  'lambda/checks/pinned-digest-gone.ts': {
    "one.pinned.manifest.status === 'known' && one.pinned.manifest.value === null → (one.pinned.manifest.value === null)":
      noValue,
    "image.manifest.status === 'known' → true": noValue,
  },
  'lambda/checks/platform-mismatch.ts': { "taskDefinition.status === 'known' → true": noValue },
  'lambda/checks/registry-answers.ts': {
    "externalImages.status === 'known' → true": noValue,
    "taskDefinition.status === 'known' → true": noValue,
  },
};
