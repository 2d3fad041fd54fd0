const noValue = 'a fact that is unknown has no value';
const always = 'it is always there; the type does not say so';
const noMatter = 'nothing that reads it tells `null` from `undefined`';

/** Mutants that no test can see, by file, as `scripts/mutate.ts` writes them, and why. */
export const equivalent: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'lambda/checks/execution-role-cannot-pull.ts': {
    "pullingRole.status === 'known' → true": noValue,
    'byBoundary && boundary → (byBoundary)': 'what is empty is filtered out of the resources below',
  },
  'lambda/checks/execution-role-missing.ts': { "taskDefinition.status === 'known' → true": noValue },
  'lambda/checks/image-archived.ts': {
    'images.find(({ text }) => text === image.image) ?? {} \u2192 (images.find(({ text }) => text === image.image))':
      always,
    "image.manifest.status === 'known' → true": noValue,
  },
  'lambda/checks/image-expired-by-lifecycle-policy.ts': {
    "!isCached(image) && image.manifest.status === 'known' → (!isCached(image))": noValue,
    "answer && 'because' in answer → (answer)": 'an answer that names a rule has been given before',
  },
  'lambda/checks/image-not-found.ts': {
    'images.find(({ text }) => text === image) ?? { tag: null, digest: null } \u2192 (images.find(({ text }) => text === image))':
      always,

    "manifest.status === 'known' && manifest.value === null → (manifest.value === null)": noValue,
  },
  'lambda/checks/network-check.ts': {
    'addresses.length === 1 && kind → (addresses.length === 1)':
      'one of one is there; the type does not say so',
  },
  'lambda/checks/no-space-left.ts': {
    'size >= 0.1 \u2192 size > 0.1': 'no number of bytes is a tenth of a GiB',

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
    'answers.find((one) => one.image === image.text)?.answer ?? null \u2192 (answers.find((one) => one.image === image.text)?.answer)':
      noMatter,
    'taskDefinition.value?.containers.find(({ name }) => name === container) ?? null \u2192 (taskDefinition.value?.containers.find(({ name }) => name === container))':
      noMatter,

    "externalImages.status === 'known' → true": noValue,
    "taskDefinition.status === 'known' → true": noValue,
  },
  'lambda/checks/dns-firewall-blocks-registry.ts': {
    "one?.action === 'BLOCK' \u2192 one?.action !== 'BLOCK'": 'what it says of two rules is only compared',
    "domains.status === 'unknown' \u2192 true": 'it is asked of such rules alone',
  },
  'lambda/checks/endpoint-policy-denies-pull.ts': {
    "outcome.status === 'found' || deniedBy !== 'VPC endpoint policy' || !deniedAction \u2192 (outcome.status === 'found' || deniedBy !== 'VPC endpoint policy')":
      'no text names a policy and no action',
  },
  'lambda/checks/lifecycle.ts': {
    'reference.tag && !reference.digest \u2192 (!reference.digest)': 'without a digest there is a tag',
  },
  'lambda/checks/pull-through-cache-cannot-import.ts': {
    "image.pullThroughCacheRule.status === 'known' && image.pullThroughCacheRule.value \u2192 (image.pullThroughCacheRule.value)":
      noValue,
    "manifest.status === 'known' && manifest.value === null \u2192 (manifest.value === null)": noValue,
  },
  'lambda/checks/registry-host-unknown.ts': {
    'image.registry && !image.ecr \u2192 (!image.ecr)': '`null` is no name of AWS',
  },
  'lambda/checks/registry-policy-denies-pull.ts': {
    "pullingRole.status === 'known' \u2192 true": noValue,
    'pullingRole.value?.roleArn ?? null \u2192 (pullingRole.value?.roleArn)': noMatter,
    "answer.decision === 'denied' && answer.explicit \u2192 (answer.explicit)": 'only a denial has it',
    "answer.decision === 'denied' && answer.perhapsExplicit !== undefined \u2192 (answer.perhapsExplicit !== undefined)":
      'only a denial has it',
  },
  'lambda/policy/comparisons.ts': {
    "actualParts?.every((part, index) => fits(wantedParts[index] ?? [], part.join(''))) ?? false \u2192 (actualParts?.every((part, index) => fits(wantedParts[index] ?? [], part.join(''))))":
      '`some` takes what is neither for a no',
    'wantedParts[index] ?? [] \u2192 (wantedParts[index])': always,
    'colons[index] ?? characters.length \u2192 (colons[index])': '`slice` goes to the end by itself',
  },
  'lambda/policy/condition.ts': {
    '/^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/s.exec(operator) ?? [] \u2192 (/^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/s.exec(operator))':
      'the pattern fits any text',
  },
};
