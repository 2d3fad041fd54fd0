import { expect, test } from '@jest/globals';
import type { PrefixList } from '../../lambda/model/facts.ts';
import { addressesOf, listsFor, s3ListOf } from '../../lambda/network/public-addresses.ts';
import type { Walk } from '../../lambda/network/walk.ts';
import { known, refused } from '../support/asking.ts';

const list = (prefixListId: string, name: string | null, ...cidrBlocks: readonly string[]): PrefixList => ({
  prefixListId,
  name,
  cidrBlocks,
});
const s3 = list('pl-0s3', 'com.amazonaws.eu-west-1.s3', '52.216.0.0/15', '3.5.0.0/19', '2a05:d07a:8000::/40');
const dynamodb = list('pl-0dynamodb', 'com.amazonaws.eu-west-1.dynamodb', '52.94.24.0/23');
const own = list('pl-0own', null, '10.0.0.0/8');
const vpc = {
  vpc: known({ cidrBlocks: ['51.10.0.0/16'] }),
  vpcSubnets: refused,
  subnets: known([{ cidrBlock: '51.10.1.0/24' }]),
};
const every = { servicePrefixLists: known([dynamodb, s3]), prefixLists: known([dynamodb, s3, own]) };

const wayTo = (service: string | null, dialled: string | null, facts: object = every, region = 'eu-west-1') =>
  ({ facts: { ...vpc, ...facts }, dialled, destination: { service, region } }) as unknown as Walk;
const internet = ['0.0.0.0/1', '128.0.0.0/1'];
const ofS3 = ['52.216.0.0/15', '3.5.0.0/19'];

test.each<[string, Walk, readonly string[]]>([
  ['any, of a registry', wayTo('ecr.dkr', null), internet],
  ['the one dialled, of a registry', wayTo('ecr.dkr', '52.95.115.9'), ['52.95.115.9/32']],
  ['the published ones of IPv4, of the layers', wayTo('s3', null), ofS3],
  ['the one dialled, of the layers', wayTo('s3', '52.217.9.9'), ['52.217.9.9/32']],
  ['the published ones, where the one dialled is none of them', wayTo('s3', '52.95.115.9'), ofS3],
  ['the private one dialled, of the layers', wayTo('s3', '10.0.2.4'), ['10.0.2.4/32']],
  [
    'any, of layers whose addresses nobody could see',
    wayTo('s3', null, { servicePrefixLists: refused, prefixLists: refused }),
    internet,
  ],
  [
    'the one dialled, of layers whose addresses nobody could see',
    wayTo('s3', '52.95.115.9', { servicePrefixLists: refused, prefixLists: refused }),
    ['52.95.115.9/32'],
  ],
])('the addresses that may be meant: %s', (_, way, expected) => {
  expect(addressesOf(way)).toEqual(expected);
});

test.each<[string, Walk, PrefixList | undefined]>([
  ['of the Region', wayTo('s3', null), s3],
  ['of another Region', wayTo('s3', null, every, 'us-east-1'), undefined],
  ['where a registry is meant', wayTo('ecr.dkr', null), undefined],
  [
    'that a rule names',
    wayTo('s3', null, { servicePrefixLists: refused, prefixLists: known([own, s3]) }),
    s3,
  ],
  [
    'that no rule names',
    wayTo('s3', null, { servicePrefixLists: known([s3]), prefixLists: known([own]) }),
    s3,
  ],
  [
    'that nobody could see',
    wayTo('s3', null, { servicePrefixLists: refused, prefixLists: refused }),
    undefined,
  ],
])('the prefix list of Amazon S3 %s', (_, way, expected) => {
  expect(s3ListOf(way)).toEqual(expected);
});

const empty = (one: PrefixList) => ({ ...one, cidrBlocks: [] });
test.each<[string, Walk, readonly PrefixList[] | null]>([
  ['the layers', wayTo('s3', null), [empty(dynamodb), s3, own]],
  ['a registry', wayTo('ecr.dkr', null), [empty(dynamodb), empty(s3), own]],
  [
    'a registry, none of which lies in the VPC',
    wayTo('ecr.dkr', null, {
      ...every,
      prefixLists: known([list('pl-0vpc', null, '51.10.1.0/24', '51.11.0.0/16')]),
    }),
    [list('pl-0vpc', null, '51.11.0.0/16')],
  ],
  ['an address that was dialled', wayTo('ecr.dkr', '52.217.9.9'), [dynamodb, s3, own]],
  [
    'the layers, where only the lists of services could be seen',
    wayTo('s3', null, { ...every, prefixLists: refused }),
    [empty(dynamodb), s3],
  ],
  [
    'the layers, where no list could be seen',
    wayTo('s3', null, { servicePrefixLists: refused, prefixLists: refused }),
    null,
  ],
])('the prefix lists, and what they hold of the addresses of %s', (_, way, expected) => {
  expect(listsFor(way, addressesOf(way))).toEqual(expected);
});
