import { expect, test } from '@jest/globals';
import { isPrivate } from '../../lambda/network/address.ts';
import { covers, coversTogether, halvesOf, isPrivateBlock, prefixLength } from '../../lambda/network/cidr.ts';

test.each([
  ['10.0.0.0/8', '10.1.0.0/16', 'all'],
  ['10.1.0.0/16', '10.0.0.0/8', 'part'],
  ['10.0.0.0/8', '11.0.0.0/8', 'none'],
  ['11.1.0.0/16', '10.0.0.0/8', 'none'],
  ['10.0.0.0/8', '10.1.2.3', 'all'],
  ['10.1.2.3', '10.1.2.3', 'all'],
  ['10.1.2.0/25', '10.1.2.128', 'none'],
  ['::/0', '10.0.0.0/8', 'none'],
  ['2001:db8::/32', '2001:db8::1', 'all'],
  ['2001:db8::2', '2001:db8::1', 'none'],
  ['somewhere', '10.0.0.0/8', 'none'],
  ['10.0.0.0/8', 'somewhere', 'none'],
])('%s holds of %s: %s', (block, target, expected) => {
  expect(covers(block, target)).toBe(expected);
});

test.each([
  [['0.0.0.0/1', '128.0.0.0/1'], '0.0.0.0/0', 'all'],
  [['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/2'], '0.0.0.0/0', 'all'],
  [['0.0.0.0/1', '128.0.0.0/2'], '0.0.0.0/0', 'part'],
  [['0.0.0.0/1'], '10.0.0.0/8', 'all'],
  [['10.0.0.0/8'], '0.0.0.0/0', 'part'],
  [['10.0.0.0/8', '12.0.0.0/8'], '11.0.0.0/8', 'none'],
  [['::/1', '8000::/1'], '::/0', 'all'],
  [[], '0.0.0.0/0', 'none'],
  [['0.0.0.0/0'], 'somewhere', 'none'],
])('%j together hold of %s: %s', (blocks, target, expected) => {
  expect(coversTogether(blocks, target)).toBe(expected);
});

test.each([
  ['0.0.0.0/0', ['0.0.0.0/1', '128.0.0.0/1']],
  ['255.255.0.0/16', ['255.255.0.0/17', '255.255.128.0/17']],
  ['10.1.2.0/23', ['10.1.2.0/24', '10.1.3.0/24']],
  ['10.1.2.200/24', ['10.1.2.0/25', '10.1.2.128/25']],
])('the halves of %s', (block, halves) => {
  expect(halvesOf(block)).toEqual(halves);
});

test('what is no block is the least specific of all', () => {
  expect([prefixLength('somewhere'), prefixLength('0.0.0.0/0'), prefixLength('10.0.0.0/8')]).toEqual([
    -1, 0, 8,
  ]);
});

test.each([
  ['10.0.0.1', true],
  ['100.64.0.1', true],
  ['198.19.0.1', true],
  ['198.20.0.1', false],
  ['fd00::1', true],
  ['52.95.1.1', false],
  ['2600:1f00::1', false],
  ['somewhere', false],
])('%s is an address of a VPC alone: %s', (address, expected) => {
  expect(isPrivate(address)).toBe(expected);
});

test.each([
  ['10.0.0.0/8', true],
  ['10.1.2.0/24', true],
  ['100.64.0.0/10', true],
  ['172.32.0.0/16', false],
  ['8.0.0.0/6', false],
  ['0.0.0.0/0', false],
])('%s lies wholly in addresses that the internet does not route: %s', (block, expected) => {
  expect(isPrivateBlock(block)).toBe(expected);
});
