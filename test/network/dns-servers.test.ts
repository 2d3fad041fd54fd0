import { expect, test } from '@jest/globals';
import type { Vpc } from '../../lambda/model/facts.ts';
import { asksAmazon, dnsServersOf } from '../../lambda/network/dns-servers.ts';
import { known, refused } from '../support/asking.ts';

const vpc = known<Vpc | null>({
  vpcId: 'vpc-0a1',
  ownerId: null,
  cidrBlocks: ['10.0.0.0/16', '10.9.128.0/20'],
  dhcpOptionsId: 'dopt-0a1',
});
const named = (...domainNameServers: string[]) => known({ dhcpOptionsId: 'dopt-0a1', domainNameServers });

test.each(['AmazonProvidedDNS', '169.254.169.253', 'fd00:ec2::253', '10.0.0.2'])(
  '%s is the server of Amazon',
  (server) => {
    expect(asksAmazon({ vpc, dhcpOptions: named(server) })).toBe(true);
    expect(dnsServersOf({ vpc, dhcpOptions: named('10.0.0.53', server) })).toEqual({
      custom: ['10.0.0.53'],
      amazon: [server],
    });
  },
);

test.each(['10.0.0.53', '10.0.0.3', '10.1.0.2', '10.9.128.2', '8.8.8.8'])('%s is another', (server) => {
  expect(asksAmazon({ vpc, dhcpOptions: named(server) })).toBe(false);
  expect(asksAmazon({ vpc, dhcpOptions: named('AmazonProvidedDNS', server) })).toBe(false);
});

test('where the options or the blocks of the VPC are not known, nothing is sure', () => {
  expect(asksAmazon({ vpc, dhcpOptions: refused })).toBe(false);
  expect(asksAmazon({ vpc: refused, dhcpOptions: named('10.0.0.2') })).toBe(false);
  expect(asksAmazon({ vpc: refused, dhcpOptions: named('AmazonProvidedDNS') })).toBe(true);
});
