import { expect, test } from '@jest/globals';
import type { VpcEndpoint } from '../../lambda/model/facts.ts';
import type { Destination } from '../../lambda/model/network.ts';
import {
  endpointServiceName,
  gatewayEndpointsFor,
  interfaceEndpointsFor,
  serves,
} from '../../lambda/network/endpoints.ts';

const endpoint = (serviceName: string, serviceRegion: string | null, type = 'Interface') =>
  ({ vpcEndpointId: 'vpce-0a1', serviceName, serviceRegion, type }) as VpcEndpoint;
const to = (service: string | null, region: string | null) => ({ service, region }) as Destination;

// Names: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
test.each<[string, VpcEndpoint, Destination, boolean]>([
  ['of its name', endpoint('com.amazonaws.eu-west-1.ecr.api', null), to('ecr.api', 'eu-west-1'), true],
  ['in China', endpoint('cn.com.amazonaws.cn-north-1.ecr.api', null), to('ecr.api', 'cn-north-1'), true],
  [
    'of another Region, whose name it has',
    endpoint('com.amazonaws.us-east-1.ecr.api', 'us-east-1'),
    to('ecr.api', 'us-east-1'),
    true,
  ],
  [
    'of the Region that it serves, whose name it has not',
    endpoint('com.amazonaws.ecr.api', 'us-east-1'),
    to('ecr.api', 'us-east-1'),
    true,
  ],
  [
    'of a Region that it does not serve',
    endpoint('com.amazonaws.us-east-1.ecr.api', 'us-east-1'),
    to('ecr.api', 'eu-west-1'),
    false,
  ],
  [
    'of another name, in the Region that it serves',
    endpoint('com.amazonaws.eu-west-1.ecr.api', 'eu-west-1'),
    to('ecr.dkr', 'eu-west-1'),
    false,
  ],
  [
    'of another name that ends alike',
    endpoint('com.amazonaws.eu-west-1.ecr-fips.api', 'eu-west-1'),
    to('ecr.api', 'eu-west-1'),
    false,
  ],
  ['outside AWS', endpoint('com.amazonaws.eu-west-1.ecr.api', null), to(null, null), false],
  [
    'of no Region, where that of the endpoint is not told',
    endpoint('com.amazonaws.eu-west-1.ecr.api', null),
    to('ecr.api', null),
    false,
  ],
])('an endpoint is for a service %s', (_, one, destination, expected) => {
  expect(serves(one, destination)).toBe(expected);
});

test('endpoints are told apart by their type, in whatever letters it is written', () => {
  const [upper, lower, gateway, balancer] = ['Interface', 'interface', 'Gateway', 'GatewayLoadBalancer'].map(
    (type) => endpoint('com.amazonaws.eu-west-1.s3', null, type),
  );
  const other = endpoint('com.amazonaws.eu-west-1.sqs', null);
  const otherGateway = endpoint('com.amazonaws.eu-west-1.dynamodb', null, 'gateway');
  const all = [upper, lower, gateway, balancer, other, otherGateway] as readonly VpcEndpoint[];

  expect(interfaceEndpointsFor(to('s3', 'eu-west-1'), all)).toEqual([upper, lower]);
  expect(gatewayEndpointsFor(to('s3', 'eu-west-1'), all)).toEqual([gateway]);
});

test('only the endpoint services of Amazon ECR have a name of their own in other partitions', () => {
  const names = ['ecr.dkr', 's3'].map((service) => endpointServiceName({ service, region: 'cn-north-1' }));

  expect(names).toEqual(['cn.com.amazonaws.cn-north-1.ecr.dkr', 'com.amazonaws.cn-north-1.s3']);
});
