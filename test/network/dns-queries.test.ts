import { expect, test } from '@jest/globals';
import type { NetworkAclEntry, SecurityGroupRule } from '../../lambda/model/facts.ts';
import { refused } from '../support/asking.ts';
import { type Edit, notOpen, pathIn } from './hops.ts';

const server = '10.0.9.53';
const https = { protocol: 'tcp', ports: [443, 443], peer: '0.0.0.0/0' } as const;
const egress = (...rules: readonly SecurityGroupRule[]) =>
  ['security group', { group: 'sg-0task', way: 'egress', rules: [https, ...rules], keeps: false }] as const;
const udp = (peer: string, from = 53, to = 53, protocol = 'udp'): SecurityGroupRule => ({
  protocol,
  ports: [from, to],
  peer,
});
const denies = (out: boolean, protocol: string, port: number) => {
  const entry: NetworkAclEntry = {
    ruleNumber: 10,
    egress: out,
    protocol,
    action: 'deny',
    cidrBlock: '0.0.0.0/0',
    ports: [port, port],
  };
  const answers = { ...entry, ports: [1024, 65_535] as const };
  return ['network ACL', { acl: 'acl-0task', entries: [out ? entry : answers], keeps: true }] as const;
};

type Row = readonly [string, readonly (readonly [string, unknown])[], (readonly string[])?, Edit?];
const hopsOf = ([, changes, servers = [server], edit = {}]: Row) =>
  pathIn({ changes: [['DNS servers', servers], ...changes], edit })?.hops;

test.each<Row>([
  ['the groups let nothing out but to registries', [egress()]],
  ['the groups let TCP out, and a client asks over UDP', [egress(udp('0.0.0.0/0', 53, 53, 'tcp'))]],
  ['the groups let out to another server', [egress(udp('10.0.8.0/24'))]],
  ['the groups let out on ports below', [egress(udp('0.0.0.0/0', 1, 52))]],
  ['the groups let out on ports above', [egress(udp('0.0.0.0/0', 54, 99))]],
  [
    'the groups let out to a list that the server is not on',
    [egress(udp('pl-0own')), ['own prefix list', ['52.0.0.0/8']]],
  ],
  ['a network ACL lets no query out', [denies(true, '17', 53)]],
  ['a network ACL lets no answer in', [denies(false, '17', 0)]],
  ['a network ACL lets no query out to any of them', [denies(true, '17', 53)], [server, '10.0.8.53']],
])('queries end where %s', (...row) => {
  expect(notOpen(hopsOf(row))).toBe('closed custom-dns-servers');
});

test.each<Row>([
  ['the groups let UDP out', [egress(udp(`${server}/32`))]],
  ['the groups let UDP out, by its number', [egress(udp('10.0.0.0/8', 1, 53, '17'))]],
  ['the groups let UDP out, on more ports', [egress(udp('10.0.0.0/8', 53, 99))]],
  ['the groups let UDP out, on every port', [egress({ protocol: 'udp', ports: null, peer: '10.0.0.0/8' })]],
  ['the groups let everything out', [egress({ protocol: '-1', ports: null, peer: '10.0.0.0/8' })]],
  ['the groups let out to a list that the server is on', [egress(udp('pl-0own'))]],
  ['the groups let out to a list that nobody could read', [egress(udp('pl-0unseen'))]],
  ['the groups let out to members of a group, which may be servers', [egress(udp('sg-0dns'))]],
  ['the groups let out to one of two servers', [egress(udp('10.0.8.0/24'))], [server, '10.0.8.53']],
  ['one of the servers has an IPv6 address', [egress()], [server, 'fd00::53']],
  ['a network ACL denies TCP', [denies(true, '6', 53)]],
  [
    'a network ACL stands before other subnets, and the server in this one',
    [denies(true, '17', 53)],
    ['10.0.1.53'],
  ],
  ['one of the servers is in the subnet itself', [denies(true, '17', 53)], [server, '10.0.1.53']],
  ['one of the groups could not be seen', [egress(), ['groups of the task', ['sg-0task', 'sg-0unseen']]]],
  ['which groups the task has could not be seen', [egress()], [server], { securityGroupIds: refused }],
  ['the task has no group', [egress()], [server], { securityGroupIds: () => [] }],
  ['the groups could not be seen', [egress()], [server], { securityGroups: refused }],
  ['the server may be that of Amazon', [egress()], ['10.0.0.2'], { vpc: refused }],
  ['the network ACLs could not be seen', [denies(true, '17', 53)], [server], { networkAcls: refused }],
])('queries get through, or may, where %s', (...row) => {
  expect(notOpen(hopsOf(row))).not.toContain('custom-dns-servers');
});

test('what ends the queries is named, and which way', () => {
  const said = (...changes: Row[1]) => hopsOf(['', changes])?.find(({ verdict }) => verdict === 'closed');

  expect(said(egress())).toMatchObject({
    because: expect.stringContaining('`sg-0task` lets no query out'),
    resources: ['sg-0task', 'dopt-0a1', 'vpc-0a1'],
  });
  expect(said(denies(true, '17', 53))?.because).toContain('`acl-0task` lets no query out');
  expect(said(denies(false, '17', 0))?.because).toContain('`acl-0task` lets none of their answers in');
});

test('an answer of any kind shows that queries get through', () => {
  const after = (text: string) =>
    pathIn({
      changes: [['DNS servers', [server]], egress()],
      error: { text, symptoms: ['name-not-resolved'] },
    })?.hops.find(({ verdict }) => verdict === 'closed')?.because;

  expect(after('lookup api.ecr.eu-west-1.amazonaws.com: no such host')).toMatch(/ was not resolved$/);
  expect(after('lookup api.ecr.eu-west-1.amazonaws.com: i/o timeout')).toMatch(/: no name is resolved$/);
  const way = { changes: [['DNS servers', [server]], egress()] } as const;
  expect(notOpen(pathIn({ ...way, error: { answered: ['token'] } }, 'manifest')?.hops)).toBe('');
});
