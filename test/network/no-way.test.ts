import { expect, test } from '@jest/globals';
import type { Facts } from '../../lambda/model/facts.ts';
import { noWay } from '../../lambda/network/no-way.ts';
import { known, refused } from '../support/asking.ts';
import { type Change, withEndpoint } from './healthy-network.ts';

const region = 'eu-west-1';
const token = { host: `api.ecr.${region}.amazonaws.com`, step: 'token', service: 'ecr.api', region };
const layers = { host: `bucket.s3.${region}.amazonaws.com`, step: 'layers', service: 's3', region };
const dockerHub = { host: 'registry-1.docker.io', step: 'manifest', service: null, region: null };

const ofSqs = withEndpoint('vpce-0api', { serviceName: `com.amazonaws.${region}.sqs` });

// Where no route leads out, the layers go through a gateway endpoint that is on the table, all else through interface endpoints.
test.each<[string, object, readonly Change[], string]>([
  [
    'Docker Hub, to which there are no endpoints',
    dockerHub,
    [withEndpoint('vpce-0api')],
    'no-route-to-registry',
  ],
  ['a registry, without any endpoint', token, [], 'no-route-to-registry'],
  ['a registry, with an endpoint for another service', token, [ofSqs], 'no-route-to-registry'],
  ['a registry, with an endpoint for the layers', token, [withEndpoint('vpce-0s3')], 'endpoint-missing'],
  ['the layers, with an endpoint for the token', layers, [withEndpoint('vpce-0api')], 'endpoint-missing'],
  [
    'the layers, with a gateway endpoint on other tables',
    layers,
    [withEndpoint('vpce-0s3')],
    's3-endpoint-not-routed',
  ],
  [
    'the layers, with a gateway endpoint that is on its way out',
    layers,
    [withEndpoint('vpce-0api'), withEndpoint('vpce-0s3', { state: 'deleting' })],
    'endpoint-missing',
  ],
  [
    'the layers, with nothing but a gateway endpoint that is on its way out',
    layers,
    [withEndpoint('vpce-0s3', { state: 'deleting' })],
    'no-route-to-registry',
  ],
])('no way to %s', (_, destination, changes, check) => {
  const { vpcEndpoints } = changes.reduce((facts, change) => change(facts), {
    vpcEndpoints: [],
  } as unknown as Facts);

  const hop = hopTo(destination, known(vpcEndpoints));

  expect(`${hop.verdict} ${hop.check} ${hop.noWayOut}`).toBe(`closed ${check} true`);
});

test('no way to a registry, unless by endpoints that nobody could see', () => {
  const hop = hopTo(token, refused);

  expect(`${hop.verdict} ${hop.check}`).toBe('unknown no-route-to-registry');
});

const hopTo = (destination: object, vpcEndpoints: object) =>
  noWay(
    {
      facts: { vpcEndpoints },
      subnet: { subnetId: 'subnet-0task', vpcId: 'vpc-0a1' },
      destination,
      destinations: [token, layers, dockerHub],
    } as never,
    { routeTableId: 'rtb-0task', main: false, subnetIds: ['subnet-0task'], routes: [] },
  );
