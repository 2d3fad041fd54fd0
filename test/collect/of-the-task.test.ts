import { expect, test } from '@jest/globals';
import type { CollectedFacts, Container, StoppedTask } from '../../lambda/model/facts.ts';
import type { Account } from '../support/account.ts';
import { type Answer, type Change, collected, telling } from '../support/collected.ts';
import { setNetwork, texts } from '../support/worlds.ts';

/** A scenario, and what of its task or account is otherwise. */
interface Case extends Change {
  readonly in?: string;
}

const factsOf = async ({ in: name = 'healthy-nat-umbrella', ...change }: Case) =>
  (await collected(name, change)).facts;

/** The value of a fact, or why it is not known. */
const told = ({ status, ...fact }: CollectedFacts[keyof CollectedFacts]) =>
  status === 'known' ? (fact as { value: unknown }).value : `unknown: ${(fact as { error: string }).error}`;

const given = (change: Partial<NonNullable<StoppedTask['givenNetwork']>>) => ({
  givenNetwork: { subnetIds: [], securityGroupIds: null, assignPublicIp: null, ...change },
});
const alone = { group: 'family:web', startedBy: null };
const refusing = (action: string) => (account: Account) => {
  account.refused[action] = 'AccessDeniedException';
};
const withoutService = (account: Account) => {
  account.service = null;
};
const withoutInstance = (account: Account) => {
  account.instance = null;
};
const publicAddress = (account: Account) => {
  account.instance = { ...account.instance, PublicIpAddress: '52.95.1.9' };
};
const inPublic = 'healthy-public-umbrella';
const onInstance = { in: 'healthy-ec2' };
const notRecorded = expect.stringMatching(/^unknown: ECS (?:did not record|recorded no)/);
const gone = expect.stringMatching(/^unknown: Invalid/);
const refusal = 'unknown: AccessDeniedException';

test.each<[string, Case, unknown]>([
  ['on Fargate, as its service says: no', {}, false],
  ['on Fargate, as its service says: yes', { in: inPublic }, true],
  ['on Fargate, whose service is not shown', { breaks: refusing('ecs:DescribeServices') }, refusal],
  ['on Fargate, of no service', { task: alone }, notRecorded],
  ['on Fargate, whose service is gone', { breaks: withoutService }, notRecorded],
  ['of no service, as somebody says: yes', { task: { ...alone, ...given({ assignPublicIp: true }) } }, true],
  ['of a service, as somebody says: no', { in: inPublic, task: given({ assignPublicIp: false }) }, false],
  ['of a service, of which only subnets are said', { in: inPublic, task: given({}) }, true],
  ['on an instance without one', onInstance, false],
  ['on an instance with one', { ...onInstance, breaks: publicAddress }, true],
  ['on an instance that is gone', { ...onInstance, breaks: withoutInstance }, gone],
  [
    'on an instance, in subnets that somebody says: such a task never has one',
    {
      ...onInstance,
      breaks: publicAddress,
      task: { ...alone, ...given({ subnetIds: ['subnet-0task'] }) },
    },
    false,
  ],
  ['on a machine of its own', { task: { launchType: 'EXTERNAL' } }, false],
])('whether a task has a public address, %s', async (_, launched, expected) => {
  const { publicIp } = await factsOf(launched);

  expect(told(publicIp)).toStrictEqual(expected);
});

const itself = (from: string, subnetId = 'subnet-0task') =>
  expect.objectContaining({ interface: 'task', subnetIds: [subnetId], from });
const itsInstance = {
  interface: 'instance',
  subnetIds: ['subnet-0task'],
  from: 'instance',
  sourceAddress: '10.0.1.20',
};

test.each<[string, Case, unknown]>([
  ['Fargate, as the interface tells', { task: { subnetId: 'subnet-0task' } }, itself('attachment')],
  ['Fargate, as the service tells', { task: { subnetId: null } }, itself('service')],
  ['Fargate, of no service', { task: { ...alone, subnetId: null } }, notRecorded],
  [
    'Fargate, whose service is not shown',
    { task: { subnetId: null }, breaks: refusing('ecs:DescribeServices') },
    refusal,
  ],
  [
    'Fargate, as somebody says',
    { task: given({ subnetIds: ['subnet-0other'] }) },
    itself('given', 'subnet-0other'),
  ],
  [
    'Fargate, of which somebody says the groups alone',
    { task: { subnetId: 'subnet-0task', ...given({ securityGroupIds: ['sg-0given'] }) } },
    itself('attachment'),
  ],
  ['whatever a capacity provider chose', { task: { launchType: null, subnetId: null } }, itself('service')],
  ['an instance', onInstance, itsInstance],
  ['a managed instance', { ...onInstance, task: { launchType: 'MANAGED_INSTANCES' } }, itsInstance],
  ['an instance, whatever launched it', { ...onInstance, task: { launchType: null } }, itsInstance],
  ['an instance that is gone', { ...onInstance, breaks: withoutInstance }, gone],
  [
    'an instance that is not shown',
    { ...onInstance, breaks: refusing('ecs:DescribeContainerInstances') },
    refusal,
  ],
  [
    'an instance that nobody names',
    { ...onInstance, task: { containerInstanceArn: null } },
    expect.stringMatching(/^unknown: on which container instance/),
  ],
  [
    'a managed instance that nobody names',
    { ...onInstance, task: { launchType: 'MANAGED_INSTANCES', containerInstanceArn: null } },
    expect.stringMatching(/^unknown: on which container instance/),
  ],
  [
    'a machine that is registered by Systems Manager',
    {
      ...onInstance,
      breaks: (account) => {
        account.containerInstance = { ...account.containerInstance, ec2InstanceId: 'mi-0a1' };
      },
    },
    null,
  ],
  ['a machine of its own', { ...onInstance, task: { launchType: 'EXTERNAL' } }, null],
  [
    'a machine of its own, whatever subnets somebody says',
    { task: { launchType: 'EXTERNAL', ...given({ subnetIds: ['subnet-0task'] }) } },
    null,
  ],
])('where a task pulls from: %s', async (_, launched, expected) => {
  const { placement } = await factsOf(launched);

  expect(told(placement)).toStrictEqual(expected);
});

const noGroups = (account: Account) => setNetwork(account, { securityGroups: [] });

test.each<[string, Case, unknown]>([
  ['those of its service', {}, ['sg-0task']],
  ['those of a service that is not shown', { breaks: refusing('ecs:DescribeServices') }, refusal],
  ['those of no service', { task: alone }, notRecorded],
  ['those that somebody says', { task: given({ securityGroupIds: ['sg-0given'] }) }, ['sg-0given']],
  ['none, as somebody says', { task: given({ securityGroupIds: [] }) }, []],
  ['of a service without any, the default one of the VPC', { breaks: noGroups }, ['sg-0default']],
  [
    'of a service without any, where no group is shown',
    {
      breaks: (account) => {
        noGroups(account);
        refusing('ec2:DescribeSecurityGroups')(account);
      },
    },
    refusal,
  ],
  [
    'of a service without any, where the VPC shows no default one',
    {
      breaks: (account) => {
        noGroups(account);
        account.SecurityGroups = account.SecurityGroups.filter(({ GroupName }) => GroupName !== 'default');
      },
    },
    'unknown: the default security group of the VPC was not found',
  ],
  ['those of its instance', onInstance, ['sg-0instance']],
  ['those of an instance that is gone', { ...onInstance, breaks: withoutInstance }, gone],
  ['on a machine of its own none', { ...onInstance, task: { launchType: 'EXTERNAL' } }, []],
])('the security groups of a pull: %s', async (_, launched, expected) => {
  const { securityGroupIds } = await factsOf(launched);

  expect(told(securityGroupIds)).toStrictEqual(expected);
});

const ofTask = (account: Account, change: Record<string, unknown>) => {
  account.taskDefinition = { ...account.taskDefinition, ...change };
};
const withoutRole = (account: Account) => ofTask(account, { executionRoleArn: undefined });
const inOrder =
  (...breaks: readonly ((account: Account) => void)[]) =>
  (account: Account) => {
    for (const one of breaks) one(account);
  };
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const pulls = (roleArn: string) => expect.objectContaining({ kind: 'task execution role', roleArn });

test.each<[string, Case, unknown]>([
  ['that of the task definition', {}, pulls(role('ecsTaskExecutionRole'))],
  [
    'the one in its place',
    { task: { executionRoleArnOverride: role('team/other') } },
    pulls(role('team/other')),
  ],
  [
    'that of a task definition that is not shown',
    { breaks: refusing('ecs:DescribeTaskDefinition') },
    refusal,
  ],
  ['that of no task definition', { task: { taskDefinitionArn: null } }, null],
  ['none on Fargate', { breaks: withoutRole }, null],
  [
    'that of the instance, where the task definition names none',
    { ...onInstance, breaks: withoutRole },
    expect.objectContaining({ kind: 'container instance role' }),
  ],
  [
    'that of an instance that is not shown',
    { ...onInstance, breaks: inOrder(withoutRole, refusing('ec2:DescribeInstances')) },
    refusal,
  ],
  [
    'none of an instance without a profile',
    {
      ...onInstance,
      breaks: inOrder(withoutRole, (account) => {
        account.instance = { ...account.instance, IamInstanceProfile: undefined };
      }),
    },
    null,
  ],
  [
    'none of a profile without a role',
    {
      ...onInstance,
      breaks: inOrder(withoutRole, (account) => {
        account.role = null;
      }),
    },
    null,
  ],
  [
    'one that does not exist',
    {
      breaks: (account) => {
        account.role = null;
      },
    },
    expect.objectContaining({ roleArn: role('ecsTaskExecutionRole'), role: null }),
  ],
  ['one that is not shown', { breaks: refusing('iam:GetRole') }, refusal],
  [
    'that of a profile which AWS does not tell',
    { ...onInstance, breaks: withoutRole, answer: telling({ 'iam:GetInstanceProfile': {} }) },
    'unknown: EmptyAnswer',
  ],
  [
    'one of another account',
    { task: { executionRoleArnOverride: 'arn:aws:iam::444455556666:role/pull' } },
    'unknown: it belongs to account 444455556666',
  ],
  ['one of perhaps another account', { breaks: refusing('sts:GetCallerIdentity') }, refusal],
])('the role that pulls: %s', async (_, launched, expected) => {
  const { pullingRole } = await factsOf(launched);

  expect(told(pullingRole)).toStrictEqual(expected);
});

test('a role with a path is asked for by its name', async () => {
  const asked: unknown[] = [];
  const task = { executionRoleArnOverride: role('team/other') };
  const answer: Answer = (action, { RoleName }, asAws) => {
    if (action === 'iam:GetRole') asked.push(RoleName);
    return asAws();
  };
  await factsOf({ task, answer });

  expect(asked).toStrictEqual(['other']);
});

const awsvpc = (subnet: string) => ({
  awsvpcConfiguration: { subnets: [subnet], securityGroups: [`sg-of-${subnet}`], assignPublicIp: 'ENABLED' },
});
const deployed = (change: Record<string, unknown>) => (account: Account) => {
  account.service = { ...account.service, ...change };
};
const newer = { id: 'ecs-svc/2', status: 'PRIMARY', networkConfiguration: awsvpc('subnet-0new') };

test.each<[string, Record<string, unknown>, string]>([
  ['of the newest deployment the settings are those of the service', {}, 'subnet-0task'],
  [
    'an older deployment has settings of its own',
    {
      deployments: [
        newer,
        { id: 'ecs-svc/1', status: 'ACTIVE', networkConfiguration: awsvpc('subnet-0old') },
      ],
    },
    'subnet-0old',
  ],
  [
    'a task set has settings of its own',
    {
      deployments: undefined,
      taskSets: [{ id: 'ecs-svc/1', status: 'ACTIVE', networkConfiguration: awsvpc('subnet-0set') }],
    },
    'subnet-0set',
  ],
  [
    'a service that leaves its settings to task sets has none',
    {
      networkConfiguration: undefined,
      taskSets: [{ id: 'ecs-svc/1', status: 'PRIMARY', networkConfiguration: awsvpc('subnet-0set') }],
      deployments: [],
    },
    'subnet-0set',
  ],
  ['a deployment that is over leaves those of the service', { deployments: [newer] }, 'subnet-0task'],
])('%s', async (_, service, subnetId) => {
  const facts = await factsOf({ task: { subnetId: null }, breaks: deployed(service) });

  expect(told(facts.placement)).toMatchObject({ subnetIds: [subnetId] });
});

const host = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const container = (image: string | null, change: Partial<Container> = {}): Container => ({
  name: 'web',
  image,
  imageDigest: null,
  reason: null,
  ran: false,
  ...change,
});
const web = container(`${host}/team/web:v1`);
const proxy = container('envoyproxy/envoy:v1.30');
const failed = { reason: texts.notFound };
const unresolved = (ref: string) =>
  `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${ref}`;

test.each<[string, readonly Container[], string, readonly string[]]>([
  [
    'of the container that says so',
    [proxy, { ...web, ...failed }],
    'Task failed to start',
    [`${host}/team/web:v1`],
  ],
  ['that the text names', [proxy, web], unresolved(`${host}/team/web:v1`), [`${host}/team/web:v1`]],
  [
    'that the text names without its tag',
    [proxy, web],
    unresolved(`${host}/team/web@sha256`),
    [`${host}/team/web:v1`],
  ],
  ['of those that did not run', [{ ...proxy, ran: true }, web], texts.umbrella, [`${host}/team/web:v1`]],
  ['of all, where all have run', [{ ...proxy, ran: true }], texts.umbrella, ['envoyproxy/envoy:v1.30']],
  ['named once, however many containers have it', [web, web], texts.umbrella, [`${host}/team/web:v1`]],
  [
    'not named by a word that may mean anything',
    [container('registry:2'), web],
    texts.tokenTimeout,
    ['registry:2', `${host}/team/web:v1`],
  ],
  [
    'not named by such a word without a tag',
    [container('registry'), web],
    texts.tokenTimeout,
    ['registry', `${host}/team/web:v1`],
  ],
  [
    'of Docker Hub, which the text names with its place',
    [container('nginx'), web],
    unresolved('docker.io/library/nginx:latest'),
    ['nginx'],
  ],
  [
    'of Docker Hub, which the text names with its tag',
    [container('nginx'), web],
    'CannotPullContainerError: manifest for nginx:latest not found: manifest unknown',
    ['nginx'],
  ],
  [
    'named as a whole, and not as the beginning of another',
    [container(`${host}/team/web:v1.2`), container(`${host}/team/web:v1`), container(`${host}/team/web`)],
    unresolved(`${host}/team/web:v1.2`),
    [`${host}/team/web:v1.2`],
  ],
  [
    'named at the end of a sentence',
    [proxy, web],
    `CannotPullContainerError: The task cannot pull ${host}/team/web:v1.`,
    [`${host}/team/web:v1`],
  ],
  ['in the text, where no container has one', [container(null)], texts.notFound, [`${host}/team/web:v1`]],
  ['not known, where nobody names one', [container(null)], texts.umbrella, []],
])('the image in question is that %s', async (_, containers, stoppedReason, expected) => {
  const { images } = await factsOf({ task: { containers, stoppedReason } });

  expect(told(images)).toStrictEqual(expected.map((text) => expect.objectContaining({ text })));
});

test('of a task definition only what checks read is copied, and nothing of what an environment holds', async () => {
  const facts = await factsOf({
    breaks: (account) =>
      ofTask(account, {
        runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
        ephemeralStorage: { sizeInGiB: 50 },
        containerDefinitions: [
          {
            name: 'web',
            image: 'nginx',
            environment: [{ name: 'PASSWORD', value: 'hunter2' }],
            repositoryCredentials: { credentialsParameter: 'arn:secret:hub' },
            secrets: [{ name: 'A', valueFrom: 'arn:secret:a' }, { name: 'B' }],
            logConfiguration: { secretOptions: [{ name: 'C', valueFrom: 'arn:secret:c' }] },
          },
          {},
        ],
      }),
  });

  expect(told(facts.taskDefinition)).toMatchObject({
    cpuArchitecture: 'ARM64',
    operatingSystemFamily: 'LINUX',
    ephemeralStorageGiB: 50,
    containers: [
      {
        name: 'web',
        image: 'nginx',
        credentialsParameter: 'arn:secret:hub',
        secretArns: ['arn:secret:a', 'arn:secret:c'],
      },
      { name: '', image: null, credentialsParameter: null, secretArns: [] },
    ],
  });
  expect(JSON.stringify(facts)).not.toContain('hunter2');
  expect(
    told(
      (await factsOf({ breaks: (account) => ofTask(account, { containerDefinitions: undefined }) }))
        .taskDefinition,
    ),
  ).toMatchObject({
    cpuArchitecture: null,
    operatingSystemFamily: null,
    ephemeralStorageGiB: null,
    containers: [],
  });
});

const foreign = '444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1';

test.each<[string, Case, unknown]>([
  ['there is one', { breaks: (account) => void Object.assign(account, { registryPolicy: '{}' }) }, '{}'],
  ['there is none', {}, null],
  ['it is not shown', { breaks: refusing('ecr:GetRegistryPolicy') }, refusal],
  ['the image is in none of Amazon ECR', { task: { containers: [proxy] } }, null],
  [
    'the image is in that of another account',
    { task: { containers: [container(foreign)] } },
    'unknown: it belongs to account 444455556666',
  ],
])('the policy of a registry, where %s', async (_, change, expected) => {
  expect(told((await factsOf(change)).registryPolicy)).toStrictEqual(expected);
});

test.each<[string, Case, unknown]>([
  ['that runs', {}, { desiredCount: 2, runningCount: 0, deploymentId: 'ecs-svc/1', platformVersion: null }],
  [
    'of which AWS tells no numbers',
    { breaks: deployed({ desiredCount: undefined, runningCount: undefined }) },
    { desiredCount: 0, runningCount: 0 },
  ],
  ['of which a task runs', { breaks: deployed({ runningCount: 1 }) }, { desiredCount: 2, runningCount: 1 }],
  ['whose deployment is over', { breaks: deployed({ deployments: [newer] }) }, { deploymentId: null }],
  [
    'with a platform version',
    { breaks: deployed({ platformVersion: '1.3.0' }) },
    { platformVersion: '1.3.0' },
  ],
  [
    'whose deployment has another',
    {
      breaks: deployed({
        platformVersion: 'LATEST',
        deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', platformVersion: '1.4.0' }],
      }),
    },
    { platformVersion: '1.4.0' },
  ],
  [
    'in the network of its instances',
    { breaks: deployed({ networkConfiguration: undefined }) },
    { network: null },
  ],
  [
    'whose settings AWS tells in part',
    { breaks: deployed({ networkConfiguration: { awsvpcConfiguration: {} } }) },
    { network: { subnetIds: [], securityGroupIds: [], assignPublicIp: false } },
  ],
])('a service %s', async (_, change, expected) => {
  expect(told((await factsOf(change)).service)).toMatchObject(expected as object);
});

test('a service that AWS does not tell of is none', async () => {
  for (const service of [null, { serviceName: 'web' }, { serviceArn: 'arn' }])
    expect(
      told((await factsOf({ breaks: (account) => void Object.assign(account, { service }) })).service),
    ).toBeNull();
});

test('a machine of its own is no instance, whatever it is called', async () => {
  expect(told((await factsOf({ ...onInstance, task: { launchType: 'EXTERNAL' } })).instance)).toBeNull();
  expect(told((await factsOf(onInstance)).instance)).toMatchObject({ instanceId: 'i-0a1' });
});
