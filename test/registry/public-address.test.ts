import { expect, test } from '@jest/globals';
import { isPublicAddress } from '../../lambda/registry/public-address.ts';
import fc from '../support/fast-check.ts';

test.each([
  '140.82.112.33',
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '223.255.255.255',
  '2606:50c0:8000::154',
  '2600:1f18:2148:bc00::1',
  '2a00:1450:4001::200e',
])('%s may be dialled', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ['this network', '0.0.0.0'],
  ['this network, last', '0.255.255.255'],
  ['private', '10.0.0.5'],
  ['private, last', '10.255.255.255'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['metadata of another cloud', '100.100.100.200'],
  ['carrier-grade NAT, last', '100.127.255.255'],
  ['loopback', '127.0.0.1'],
  ['loopback, last', '127.255.255.255'],
  ['metadata of EC2', '169.254.169.254'],
  ['credentials of ECS', '169.254.170.2'],
  ['DNS of a VPC', '169.254.169.253'],
  ['private', '172.16.0.1'],
  ['private, last', '172.31.255.255'],
  ['protocol assignments', '192.0.0.8'],
  ['documentation 1', '192.0.2.1'],
  ['AS112', '192.31.196.1'],
  ['AMT', '192.52.193.1'],
  ['6to4 relay', '192.88.99.1'],
  ['private', '192.168.1.1'],
  ['AS112', '192.175.48.1'],
  ['benchmarking', '198.18.0.1'],
  ['benchmarking, last', '198.19.255.255'],
  ['documentation 2', '198.51.100.1'],
  ['documentation 3', '203.0.113.1'],
  ['multicast', '224.0.0.1'],
  ['multicast, last', '239.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['unspecified', '::'],
  ['loopback', '::1'],
  ['IPv4-compatible', '::7f00:1'],
  ['IPv4-compatible, dotted', '::169.254.169.254'],
  ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
  ['IPv4-mapped metadata', '::ffff:a9fe:a9fe'],
  ['IPv4-mapped, though public', '::ffff:140.82.112.33'],
  ['IPv4-translated', '::ffff:0:7f00:1'],
  ['NAT64', '64:ff9b::a9fe:a9fe'],
  ['NAT64, local', '64:ff9b:1::a9fe:a9fe'],
  ['discard', '100::1'],
  ['not given out', '400::1'],
  ['Teredo', '2001::1'],
  ['benchmarking', '2001:2::1'],
  ['AMT', '2001:3::1'],
  ['AS112', '2001:4:112::1'],
  ['ORCHID', '2001:10::1'],
  ['ORCHID 2', '2001:20::1'],
  ['drone identifiers', '2001:30::1'],
  ['protocol assignments, last', '2001:1ff:ffff::1'],
  ['documentation', '2001:db8::1'],
  ['6to4 of loopback', '2002:7f00:1::1'],
  ['6to4 of metadata', '2002:a9fe:a9fe::1'],
  ['AS112', '2620:4f:8000::1'],
  ['documentation, new', '3fff::1'],
  ['not given out', '4000::1'],
  ['segment routing', '5f00::1'],
  ['metadata of EC2', 'fd00:ec2::254'],
  ['DNS of a VPC', 'fd00:ec2::253'],
  ['unique local', 'fc00::1'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['public with a zone', '2606:50c0:8000::154%eth0'],
  ['site-local', 'fec0::1'],
  ['multicast', 'ff02::1'],
  ['a short notation', '127.1'],
  ['hexadecimal', '0x8c.0x52.0x70.0x21'],
  ['octal', '0214.0122.0160.041'],
  ['decimal', '2354213921'],
  ['a block', '140.82.112.0/24'],
  ['a port', '140.82.112.33:443'],
  ['brackets', '[2606:50c0:8000::154]'],
  ['a name', 'ghcr.io'],
  ['a space', ' 140.82.112.33'],
  ['nothing', ''],
])('%s (%s) may not be dialled', (_, address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test('every IPv4 address in IPv6 clothing is refused', () => {
  const prefix = fc.constantFrom('::', '::ffff:', '::ffff:0:', '64:ff9b::', '64:ff9b:1::');

  fc.assert(
    fc.property(prefix, fc.ipV4(), (before, address) => {
      expect(isPublicAddress(`${before}${address}`)).toBe(false);
    }),
  );
});
