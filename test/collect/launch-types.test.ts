import { expect, test } from '@jest/globals';
import { collect } from '../../lambda/collect/collect.ts';
import { stoppedTask } from '../../lambda/event.ts';
import type { CollectedFacts, StoppedTask } from '../../lambda/model/facts.ts';
import { type Account, fakeAws } from '../support/account.ts';
import { ec2World, natWorld, publicWorld, setNetwork, stoppedEvent, texts } from '../support/worlds.ts';

interface Case {
  readonly world?: () => Account;
  readonly breaks?: (account: Account) => void;
  readonly on?: 'fargate' | 'ec2';
  readonly task?: Partial<StoppedTask>;
}

/** What is collected of a task that was launched so. */
async function factsOf({
  world = natWorld,
  breaks,
  on = 'fargate',
  task = {},
}: Case): Promise<CollectedFacts> {
  const account = world();
  breaks?.(account);
  const stopped = stoppedTask(stoppedEvent({ text: texts.umbrella, on }));
  if (!stopped) throw new Error('the text must be that of a failed pull');
  const onBug = (fact: string, cause: unknown) => {
    throw new Error(`collecting ${fact} is broken`, { cause });
  };
  return (await collect({ ...stopped, ...task }, fakeAws(account), new Date(0), { onBug })).facts;
}

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
const notRecorded = expect.stringMatching(/^unknown: ECS (?:did not record|recorded no)/);
const gone = expect.stringMatching(/^unknown: Invalid/);
const refusal = 'unknown: AccessDeniedException';

test.each<[string, Case, unknown]>([
  ['on Fargate, as its service says: no', {}, false],
  ['on Fargate, as its service says: yes', { world: publicWorld }, true],
  ['on Fargate, whose service is not shown', { breaks: refusing('ecs:DescribeServices') }, refusal],
  ['on Fargate, of no service', { task: alone }, notRecorded],
  ['on Fargate, whose service is gone', { breaks: withoutService }, notRecorded],
  ['of no service, as somebody says: yes', { task: { ...alone, ...given({ assignPublicIp: true }) } }, true],
  [
    'of a service, as somebody says: no',
    { world: publicWorld, task: given({ assignPublicIp: false }) },
    false,
  ],
  ['of a service, of which only subnets are said', { world: publicWorld, task: given({}) }, true],
  ['on an instance without one', { world: ec2World, on: 'ec2' }, false],
  ['on an instance with one', { world: ec2World, on: 'ec2', breaks: publicAddress }, true],
  ['on an instance that is gone', { world: ec2World, on: 'ec2', breaks: withoutInstance }, gone],
  [
    'on an instance, in subnets that somebody says: such a task never has one',
    { world: ec2World, on: 'ec2', breaks: publicAddress, task: given({ subnetIds: ['subnet-0task'] }) },
    false,
  ],
  ['on a machine of its own', { task: { launchType: 'EXTERNAL' } }, false],
])('whether a task has a public address, %s', async (_, launched, expected) => {
  const { publicIp } = await factsOf(launched);

  expect(told(publicIp)).toEqual(expected);
});

const itself = (from: string, subnetId = 'subnet-0task') =>
  expect.objectContaining({ interface: 'task', subnetIds: [subnetId], from });
const itsInstance = {
  interface: 'instance',
  subnetIds: ['subnet-0task'],
  from: 'instance',
  sourceAddress: '10.0.1.20',
};
const onInstance = { world: ec2World, on: 'ec2' } as const;

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

  expect(told(placement)).toEqual(expected);
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

  expect(told(securityGroupIds)).toEqual(expected);
});
