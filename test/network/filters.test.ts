import { expect, test } from '@jest/globals';
import type { CollectedFacts } from '../../lambda/model/facts.ts';
import type { Hop } from '../../lambda/model/network.ts';
import { aclHop, answerPorts, groupHop, https, sourceBlocks } from '../../lambda/network/filters.ts';
import type { Walk } from '../../lambda/network/walk.ts';
import { known, refused } from '../support/asking.ts';
import { snapshotOf } from '../support/snapshots.ts';

const { facts } = snapshotOf('healthy-nat-umbrella');
type Changes = Partial<CollectedFacts>;
const wayWith = (changes: Changes = {}, subnet: object = {}) =>
  ({
    facts: { ...facts, ...changes },
    subnet: { subnetId: 'subnet-0task', cidrBlock: '10.0.1.0/24', ...subnet },
    destination: { host: 'api.ecr.eu-west-1.amazonaws.com', step: 'token', service: 'ecr.api' },
    dialled: null,
  }) as unknown as Walk;
const said = ({ verdict, because }: Hop) => `${verdict}: ${because}`;

const groups = (...egress: readonly (readonly string[])[]) => ({
  securityGroupIds: known(egress.map((_, index) => `sg-${index + 1}`)),
  securityGroups: known(
    egress.map((peers, index) => ({
      groupId: `sg-${index + 1}`,
      groupName: 'web',
      vpcId: 'vpc-0a1',
      ingress: [],
      egress: peers.map((peer) => ({ protocol: '-1', ports: null, peer })),
    })),
  ),
});
const some = { blocks: ['52.0.0.0/8'], groupIds: [] };
const nowhere = { blocks: [], groupIds: [] };

test.each<[string, Changes, typeof some | typeof nowhere, string]>([
  [
    'groups that nobody could name',
    { securityGroupIds: refused },
    some,
    'unknown: The security groups of the task could not be seen: AWS refused `ecr:BatchGetImage` (`AccessDeniedException`)',
  ],
  [
    'rules that nobody could see',
    { ...groups([], []), securityGroups: refused },
    some,
    'unknown: The rules of `sg-1`, `sg-2` could not be seen: AWS refused `ecr:BatchGetImage` (`AccessDeniedException`)',
  ],
  ['one group that lets', groups(['0.0.0.0/0']), some, 'open: `sg-1` lets TCP port 443 out to it'],
  [
    'two groups of which one lets',
    groups(['0.0.0.0/0'], []),
    some,
    'open: `sg-1`, `sg-2` let TCP port 443 out to it',
  ],
  [
    'two groups that let nothing',
    groups([], ['3.0.0.0/8']),
    some,
    'closed: `sg-1`, `sg-2` let nothing out on TCP port 443 to it',
  ],
  [
    'half of the addresses',
    groups(['52.0.0.0/9']),
    some,
    'unknown: `sg-1` lets TCP port 443 out to only some addresses of it',
  ],
  [
    'a prefix list that nobody could read',
    groups(['pl-0unread']),
    some,
    'unknown: A prefix list in the rules of `sg-1` could not be read',
  ],
  [
    'a private address that may have the group of a rule',
    groups(['sg-0endpoints']),
    { blocks: ['10.0.2.4/32'], groupIds: [] },
    'unknown: `sg-1` lets TCP port 443 out to some groups, and whether it has one of them could not be seen',
  ],
  [
    'a private address whose groups are known, and none of them is in a rule',
    groups(['sg-0endpoints']),
    { blocks: ['10.0.2.4/32'], groupIds: ['sg-0other'] } as never,
    'closed: `sg-1` lets nothing out on TCP port 443 to it',
  ],
  [
    'what may be an endpoint that nobody could see',
    { ...groups(['sg-0endpoints']), vpcEndpoints: refused },
    some,
    'unknown: `sg-1` lets TCP port 443 out to some groups, and whether it has one of them could not be seen',
  ],
  [
    'what may be an endpoint that nobody could see, and no rule names a group',
    { ...groups(['3.0.0.0/8']), vpcEndpoints: refused },
    some,
    'closed: `sg-1` lets nothing out on TCP port 443 to it',
  ],
  [
    'a public address, which has no group',
    groups(['sg-0endpoints']),
    some,
    'closed: `sg-1` lets nothing out on TCP port 443 to it',
  ],
  [
    'addresses that nobody could see',
    groups(['52.0.0.0/9']),
    nowhere,
    'unknown: `sg-1` lets TCP port 443 out to some addresses, and those of it could not be seen',
  ],
  [
    'a group that is not there, beside one that lets nothing',
    { ...groups([]), securityGroupIds: known(['sg-1', 'sg-0gone']) },
    some,
    'unknown: Security group `sg-0gone` was not found in the VPC',
  ],
])('the security groups of the task: %s', (_, changes, peer, expected) => {
  const hop = groupHop(wayWith(changes), peer, 'it');

  expect(said(hop)).toBe(expected);
  expect(hop.resources).toEqual((changes.securityGroupIds as { value?: readonly string[] }).value ?? []);
});

test('security groups that nobody could name are called so', () => {
  expect(groupHop(wayWith({ securityGroupIds: refused }), some, 'it').at).toBe('security groups');
  expect(groupHop(wayWith(groups([], [])), some, 'it').at).toBe('sg-1, sg-2');
});

const acl = (...actions: readonly ('allow' | 'deny')[]) => ({
  networkAcls: known([
    {
      networkAclId: 'acl-0a1',
      subnetIds: ['subnet-0task'],
      entries: actions.map((action, index) => ({
        ruleNumber: 100 + index,
        egress: true,
        protocol: '-1',
        action,
        cidrBlock: index < actions.length - 1 ? '52.0.0.0/9' : '0.0.0.0/0',
        ports: null,
      })),
    },
  ]),
});

test.each<[string, Changes, string, readonly string[]]>([
  [
    'nobody could see it',
    { networkAcls: refused },
    'unknown: The network ACL of `subnet-0task` could not be seen: AWS refused `ecr:BatchGetImage` (`AccessDeniedException`)',
    ['subnet-0task'],
  ],
  [
    'it is not there',
    { networkAcls: known([]) },
    'unknown: No network ACL of `subnet-0task` was found',
    ['subnet-0task'],
  ],
  [
    'it lets all through',
    acl('allow'),
    'open: `acl-0a1` lets packets out on port 443',
    ['acl-0a1', 'subnet-0task'],
  ],
  [
    'it denies all',
    acl('deny'),
    'closed: Outbound rule `100` of `acl-0a1` (subnet `subnet-0task`) denies packets on TCP port 443',
    ['acl-0a1', 'subnet-0task'],
  ],
  [
    'it lets half through',
    acl('allow', 'deny'),
    'unknown: `acl-0a1` lets packets out only for some addresses or ports',
    ['acl-0a1', 'subnet-0task'],
  ],
])('the network ACL of a subnet: %s', (_, changes, expected, resources) => {
  const hop = aclHop(wayWith(changes), 'subnet-0task', 'out', some.blocks, https, 'packets');

  expect(said(hop)).toBe(expected);
  expect(hop.resources).toEqual(resources);
});

const definition = facts.taskDefinition.status === 'known' ? facts.taskDefinition.value : null;
const onSystem = (operatingSystemFamily: string | null) => ({
  taskDefinition: known(definition && { ...definition, operatingSystemFamily }),
});
test.each<[string, Changes, readonly [number, number]]>([
  ['Linux', onSystem('LINUX'), [32_768, 60_999]],
  ['Windows', onSystem('WINDOWS_SERVER_2022_CORE'), [49_152, 65_535]],
  ['no system by name', onSystem(null), [32_768, 60_999]],
  ['a system that nobody could see', { taskDefinition: refused }, [32_768, 60_999]],
])('the ports that answers come back to, on %s', (_, changes, ports) => {
  expect(answerPorts(wayWith(changes))).toEqual(ports);
});

const placement = (sourceAddress: string | null) => ({
  placement: known({
    interface: 'task' as const,
    subnetIds: ['subnet-0task'],
    from: 'attachment' as const,
    sourceAddress,
  }),
});
test.each<[string, Changes, object, readonly string[]]>([
  ['is known', placement('10.0.1.77'), {}, ['10.0.1.77/32']],
  ['is any of its subnet', placement(null), {}, ['10.0.1.0/24']],
  ['is any of its subnet, as nobody could see it', { placement: refused }, {}, ['10.0.1.0/24']],
  ['is none of IPv4', placement(null), { cidrBlock: null }, []],
])('the address of the task %s', (_, changes, subnet, blocks) => {
  expect(sourceBlocks(wayWith(changes, subnet))).toEqual(blocks);
});
