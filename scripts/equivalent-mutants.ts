const noValue = 'a fact that is unknown has no value';
const always = 'it is always there; the type does not say so';
const noMatter = 'nothing that reads it tells `null` from `undefined`';

const savesTime = 'what is remembered only saves time';
const bothKnown = 'a way ends by the policy of an endpoint only where endpoint and subnet are known';
const onlyOnTheWay = 'in one place are only causes on the network, and those have a hop';

const hasInstance = 'where a pull leaves through an instance, the instance is known';

const absent = 'what is `undefined` is read as what is absent';
const firstLine = 'a space before the first line is trimmed';
const noCode = 'an error that is no failed call has no such code';

const bothOrNone = 'what fits the pattern has both';
const noPaths = 'without subnets there are no ways';

/** Mutants that no test can see, by file, as `scripts/mutate.ts` writes them, and why. */
export const equivalent: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'lambda/checks/execution-role-cannot-pull.ts': {
    'said && !denied.some(({ one }) => one.action === said) → (!denied.some(({ one }) => one.action === said))':
      'what is not said is nothing either way',
    "pullingRole.status === 'known' → true": noValue,
    'boundary → true': 'what is empty is filtered out of the resources below',
  },
  'lambda/checks/execution-role-missing.ts': {
    "taskDefinition.status === 'known' → true": noValue,
    "instance.status === 'known' → true": noValue,
  },
  'lambda/checks/image-archived.ts': {
    "image.manifest.status === 'known' → true": noValue,
  },
  'lambda/checks/image-expired-by-lifecycle-policy.ts': {
    "!isCached(image) && image.manifest.status === 'known' → (!isCached(image))": noValue,
    "answer && 'because' in answer → (answer)": 'an answer that names a rule has been given before',
  },
  'lambda/checks/image-not-found.ts': {
    'images.find(({ text }) => text === image) ?? {} → (images.find(({ text }) => text === image))': always,
    'images.find(({ text }) => text === image) ?? { tag: null, digest: null } → (images.find(({ text }) => text === image))':
      always,
    "manifest.status === 'known' && manifest.value === null → (manifest.value === null)": noValue,
  },
  'lambda/checks/network-acl-blocks-registry.ts': {
    'number < rule → number <= rule': 'the rule that denies has that number itself',
  },
  'lambda/checks/network-check.ts': {
    'uses && { uses } → ({ uses })': 'a check whose `uses` is `undefined` is read as one without',
    'addresses.length === 1 && kind → (addresses.length === 1)':
      'one of one is there; the type does not say so',
  },
  'lambda/checks/no-space-left.ts': {
    'size >= 0.1 → size > 0.1': 'no number of bytes is a tenth of a GiB',

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
    'answers.find((one) => one.image === image.text)?.answer ?? null → (answers.find((one) => one.image === image.text)?.answer)':
      noMatter,
    'taskDefinition.value?.containers.find(({ name }) => name === container) ?? null → (taskDefinition.value?.containers.find(({ name }) => name === container))':
      noMatter,

    "externalImages.status === 'known' → true": noValue,
    "taskDefinition.status === 'known' → true": noValue,
  },
  'lambda/checks/custom-dns-servers.ts': {
    '!set || !servers → (!servers)': 'without DHCP options there are no servers',
  },
  'lambda/checks/dns-firewall-blocks-registry.ts': {
    "domains.status === 'unknown' → true": 'it is asked of such rules alone',
  },
  'lambda/checks/endpoint-policy-denies-pull.ts': {
    '!endpoint || !subnet → false': bothKnown,
    '!endpoint || !subnet → (!endpoint)': bothKnown,
    '!endpoint || !subnet → (!subnet)': bothKnown,
    'some → every': 'an endpoint serves one service',

    "outcome.status === 'found' || deniedBy !== 'VPC endpoint policy' || !deniedAction → (outcome.status === 'found' || deniedBy !== 'VPC endpoint policy')":
      'no text names a policy and no action',
  },
  'lambda/checks/lifecycle.ts': {
    'reference.tag && !reference.digest → (!reference.digest)': 'without a digest there is a tag',
  },
  'lambda/checks/pull-through-cache-cannot-import.ts': {
    "image.pullThroughCacheRule.status === 'known' && image.pullThroughCacheRule.value → (image.pullThroughCacheRule.value)":
      noValue,
    "manifest.status === 'known' && manifest.value === null → (manifest.value === null)": noValue,
  },
  'lambda/checks/registry-host-unknown.ts': {
    'image.registry && !image.ecr → (!image.ecr)': '`null` is no name of AWS',
  },
  'lambda/checks/registry-policy-denies-pull.ts': {
    'knownValue(subnets) ?? [] → (knownValue(subnets))': noPaths,
    "pullingRole.status === 'known' → true": noValue,
    'pullingRole.value?.roleArn ?? null → (pullingRole.value?.roleArn)': noMatter,
    "answer.decision === 'denied' && answer.explicit → (answer.explicit)": 'only a denial has it',
    "answer.decision === 'denied' && answer.perhapsExplicit !== undefined → (answer.perhapsExplicit !== undefined)":
      'only a denial has it',
  },
  'lambda/collect/ecr-images.ts': {
    'digest && pinned → (pinned)': 'only of a digest it is asked whether it is there',
    "manifest.status === 'known' && manifest.value === null → (manifest.value === null)": noValue,
    "manifest.status === 'known' && manifest.value === 'no repository' → (manifest.value === 'no repository')":
      noValue,
    'error instanceof CallFailed && codes.includes(error.code) → (codes.includes(error.code))': noCode,
    "error instanceof CallFailed && error.code === 'RepositoryNotFoundException' → (error.code === 'RepositoryNotFoundException')":
      noCode,
  },
  'lambda/collect/instance.ts': {
    "error instanceof CallFailed && error.code === 'InvalidInstanceID.NotFound' → (error.code === 'InvalidInstanceID.NotFound')":
      noCode,
  },
  'lambda/collect/public-ip.ts': {
    "instance.status === 'unknown' → false": hasInstance,
  },
  'lambda/collect/pulling-role.ts': {
    'taskDefinition.value?.executionRoleArn ?? null → (taskDefinition.value?.executionRoleArn)': noMatter,
    'error instanceof CallFailed && /^NoSuchEntity/.test(error.code) → (/^NoSuchEntity/.test(error.code))':
      noCode,
  },
  'lambda/collect/registry-policy.ts': {
    "error instanceof CallFailed && error.code === 'RegistryPolicyNotFoundException' → (error.code === 'RegistryPolicyNotFoundException')":
      noCode,
  },
  'lambda/collect/subnets.ts': {
    "error instanceof CallFailed && error.code === 'InvalidSubnetID.NotFound' → (error.code === 'InvalidSubnetID.NotFound')":
      noCode,
  },
  'lambda/collect/security-group-ids.ts': {
    "instance.status === 'unknown' → false": hasInstance,
    'instance.value?.securityGroupIds ?? [] → (instance.value?.securityGroupIds)': hasInstance,
  },
  'lambda/error-text/cut-off.ts': {
    'length < lower.length → length <= lower.length': 'what is whole lacks nothing',
  },
  'lambda/error-text/pull-error.ts': {
    'answered.length > 0 && { answered } → ({ answered })':
      'nothing that reads it tells an empty list from none',
    'answered.length > 0 → answered.length >= 0': 'nothing that reads it tells an empty list from none',
    'host && { host } → ({ host })': absent,
    'httpStatus && { httpStatus } → ({ httpStatus })': absent,
    'image && { image } → ({ image })': absent,
    'digest && { digest } → ({ digest })': absent,
    'deniedBy && { deniedBy } → ({ deniedBy })': absent,
    'deniedPrincipal && { deniedPrincipal } → ({ deniedPrincipal })': absent,
  },
  'lambda/error-text/lines.ts': {
    "!text.includes('\\n') → false": 'what chats set before a line matters to no pattern',
    'at > 0 → true': firstLine,
    'at > 0 → at >= 0': firstLine,
  },
  'lambda/policy/comparisons.ts': {
    "actualParts?.every((part, index) => fits(wantedParts[index] ?? [], part.join(''))) ?? false → (actualParts?.every((part, index) => fits(wantedParts[index] ?? [], part.join(''))))":
      '`some` takes what is neither for a no',
    'wantedParts[index] ?? [] → (wantedParts[index])': always,
    'colons[index] ?? characters.length → (colons[index])': '`slice` goes to the end by itself',
  },
  'lambda/policy/condition.ts': {
    '/^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/s.exec(operator) ?? [] → (/^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/s.exec(operator))':
      'the pattern fits any text',
  },
  'lambda/checks/repository-policy-denies-pull.ts': {
    'knownValue(subnets) ?? [] → (knownValue(subnets))': noPaths,
    "pullingRole.status === 'known' && pullingRole.value?.roleArn → (pullingRole.value?.roleArn)": noValue,
    'images.find(({ text }) => text === image.image)?.registry ?? null → (images.find(({ text }) => text === image.image)?.registry)':
      noMatter,

    "one.decision === 'denied' && one.explicit → (one.explicit)": 'only a denial has it',
    "one.decision === 'denied' && one.perhapsExplicit !== undefined → (one.perhapsExplicit !== undefined)":
      'only a denial has it',
    'unsure → true': 'only what is denied or unsure is asked for',
    "answer && typeof answer === 'object' → (typeof answer === 'object')":
      'without an answer nobody could read the policy, and that has been said before',
    "foreign && image.repositoryExists.status === 'known' → (foreign)": noValue,
  },
  'lambda/checks/route-command.ts': {
    'knownValue(vpcSubnets) ?? [] → (knownValue(vpcSubnets))':
      'of the main table it has been said before that the subnets are not known',
  },
  'lambda/checks/secret-unreadable.ts': {
    "taskDefinition.status === 'known' → true": noValue,
    "pullingRole.status === 'known' → true": noValue,
    'pullingRole.value?.roleArn ?? null → (pullingRole.value?.roleArn)': noMatter,
  },
  'lambda/policy/identity.ts': {
    "one.decision === 'denied' && one.explicit → (one.explicit)": 'only a denial has it',
  },
  'lambda/policy/pattern.ts': {
    'value !== undefined && more.length === 0 → (more.length === 0)': 'a key without a value is absent',
  },
  'lambda/policy/request.ts': {
    'region && accountId → (region)': bothOrNone,
    'region && accountId → (accountId)': bothOrNone,
  },
  'lambda/judge.ts': {
    'a.hop ?? 0 → (a.hop)': onlyOnTheWay,
    'b.hop ?? 0 → (b.hop)': onlyOnTheWay,
  },
  'lambda/network/dns-queries.ts': {
    "subnet.cidrBlock && covers(subnet.cidrBlock, `${one}/32`) !== 'all' → (covers(subnet.cidrBlock, `${one}/32`) !== 'all')":
      'ways over IPv4 begin in subnets that have such addresses',
  },
  'lambda/network/endpoint-policy.ts': {
    "role.split(':')[4] ?? accountId → (role.split(':')[4])": always,
    "principal.kind === 'role' → true": 'only a role has an ARN',
  },
  'lambda/network/cidr.ts': {
    'known !== undefined → false': savesTime,
    'parsed.size >= mostParsed → true': savesTime,
    'parsed.size >= mostParsed → false': savesTime,
    'parsed.size >= mostParsed → parsed.size > mostParsed': savesTime,
    'parsed.size >= mostParsed → parsed.size < mostParsed': savesTime,

    "parse(block) ?? { fixed: '', bytes: 4 } → (parse(block))": 'only a block is halved',
  },
  'lambda/network/destinations.ts': {
    'other.host === one.host && other.step === one.step → (other.host === one.host)':
      'no host is there for two steps',
    'tokenOutsideVpc(task) || !token → (tokenOutsideVpc(task))': always,
    "step === 'token' && region → (step === 'token')": 'what gives tokens has a Region',
    'usual && isFips(host) → (isFips(host))': noMatter,
    "facts.taskDefinition.status === 'known' → true": noValue,
  },
  'lambda/network/mend.ts': {
    'isNew → true': 'what stands goes before what is made beside it',
    '!hop.traffic → false': 'a network ACL that ends a way says for which packets',
    'knownValue(facts.routeTables)?.find((one) => one.routeTableId === table)?.routes ?? [] → (knownValue(facts.routeTables)?.find((one) => one.routeTableId === table)?.routes)':
      'a table that ends a way has been read',
    "set && { ...set, domainNameServers: ['AmazonProvidedDNS'] } → ({ ...set, domainNameServers: ['AmazonProvidedDNS'] })":
      'without DHCP options there are no servers',
  },
  'lambda/network/changed-facts.ts': {
    "fact.status === 'known' → true": noValue,
  },
  'lambda/network/nat-gateway.ts': {
    'knownValue(way.facts.routeTables) ?? [] → (knownValue(way.facts.routeTables))':
      'a route of a table that is known led to the NAT gateway',
  },
  'lambda/network/routing.ts': {
    'every → some': 'nobody asks for private and public addresses together',
  },
  'lambda/network/to-internet.ts': {
    'dialled && subnet.cidrBlock → (dialled)': 'ways over IPv4 begin in subnets that have such addresses',
  },
  'lambda/checks/policy-fix.ts': {
    'policy === undefined → false': 'what could not be read cannot be amended',
  },
  'lambda/network/nat-instance.ts': {
    'knownValue(way.facts.routeTables) ?? [] → (knownValue(way.facts.routeTables))':
      'a route table led there',
  },
  'lambda/registry/probe.ts': {
    "answer.status !== 'found' || answer.digest === null → (answer.digest === null)":
      'only what is found has a media type',
    'path === null → false': 'name and digest have been read before',
    'answer.digest !== null && isDigest(answer.digest) → (isDigest(answer.digest))': '`null` is no digest',
    "index.status === 'answered' && index.httpStatus === 200 → (index.httpStatus === 200)":
      'only an answer has a status',
    'mediaType !== null && isMediaType(mediaType) → (isMediaType(mediaType))': '`null` is no media type',
  },
  'lambda/preflight.ts': {
    "resources.includes(image) && manifest.status === 'known' && manifest.value === null && rule.status === 'known' → (resources.includes(image) && manifest.status === 'known' && manifest.value === null)":
      noValue,
    "resources.includes(image) && manifest.status === 'known' → (resources.includes(image))": noValue,
    'worst && found.length === results.length → (found.length === results.length)':
      'there is at least one placement',
    "first ?? { status: 'not-applicable', because: 'there is nowhere to place the task' } → (first)":
      'there is at least one placement',
  },
};
