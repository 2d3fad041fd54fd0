import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { awsReader } from '../../lambda/aws/api.ts';
import { route53ResolverClient } from '../../lambda/aws/route53-resolver.ts';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

let server: Server | undefined;
const before = process.env['AWS_ENDPOINT_URL'];
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  if (before === undefined) delete process.env['AWS_ENDPOINT_URL'];
  else process.env['AWS_ENDPOINT_URL'] = before;
});

/** An AWS that answers every call so, and what it was sent. */
async function awsThat(status: number, answer: object): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url: path = '', headers } = request;
    sent.push({ method, path, headers, body: JSON.parse(body) });
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server?.once('listening', listening));
  process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return sent;
}

// https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ListFirewallRules.html
test('a call is one of Route 53 Resolver, in its target, its signature and its parameters', async () => {
  const sent = await awsThat(200, { FirewallRules: [], NextToken: 'more' });
  const read = awsReader({ region: 'eu-west-1' });

  const answer = await read('route53resolver:ListFirewallRules', {
    FirewallRuleGroupId: 'rslvr-frg-0a1',
    MaxResults: 5,
    NextToken: 'next',
  });

  expect(answer).toMatchObject({ FirewallRules: [], NextToken: 'more' });
  expect(sent).toMatchObject([
    {
      method: 'POST',
      path: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Route53Resolver.ListFirewallRules',
        authorization: expect.stringMatching(
          /Credential=\w+\/\d{8}\/eu-west-1\/route53resolver\/aws4_request/,
        ),
      },
      body: { FirewallRuleGroupId: 'rslvr-frg-0a1', MaxResults: 5, NextToken: 'next' },
    },
  ]);
});

test('rules, associations and names come as AWS gives them', async () => {
  const rule = {
    Action: 'BLOCK',
    BlockResponse: 'NODATA',
    Priority: 10,
    CreationTime: '2026-11-20T03:04:05Z',
  };
  await awsThat(200, {
    FirewallRules: [rule],
    FirewallRuleGroupAssociations: [{ FirewallRuleGroupId: 'g', Priority: 101 }],
    Domains: ['*.', 'example.com.'],
  });
  const read = awsReader({ region: 'eu-west-1' });

  const [rules, associations, domains] = await Promise.all([
    read('route53resolver:ListFirewallRules', { FirewallRuleGroupId: 'g' }),
    read('route53resolver:ListFirewallRuleGroupAssociations', { VpcId: 'vpc-0a1' }),
    read('route53resolver:ListFirewallDomains', { FirewallDomainListId: 'l' }),
  ]);

  expect(rules.FirewallRules).toEqual([rule]);
  expect(associations.FirewallRuleGroupAssociations).toEqual([{ FirewallRuleGroupId: 'g', Priority: 101 }]);
  expect(domains.Domains).toEqual(['*.', 'example.com.']);
});

test('a refusal has the name that AWS gives it', async () => {
  await awsThat(400, { __type: 'com.amazonaws.route53resolver#AccessDeniedException', Message: 'no' });
  const read = awsReader({ region: 'eu-west-1', maxAttempts: 1 });

  const call = read('route53resolver:ListFirewallDomains', { FirewallDomainListId: 'l' });

  await expect(call).rejects.toMatchObject({
    action: 'route53resolver:ListFirewallDomains',
    code: 'AccessDeniedException',
    why: 'refused',
  });
});

// https://docs.aws.amazon.com/general/latest/gr/r53.html
test.each([
  ['eu-west-1', 'route53resolver.eu-west-1.amazonaws.com'],
  ['us-gov-west-1', 'route53resolver.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 'route53resolver.cn-north-1.amazonaws.com.cn'],
])('in %s it is %s', async (region, host) => {
  const { endpointProvider } = route53ResolverClient({ region }).config as unknown as {
    endpointProvider(parameters: object): { url: URL };
  };

  expect(endpointProvider({ Region: region }).url.href).toBe(`https://${host}/`);
});
