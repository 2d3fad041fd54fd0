import { expect, test } from '@jest/globals';
import { consoleLink } from '../../lambda/render/console-link.ts';

const ireland = { partition: 'aws', region: 'eu-west-1' };

test.each([
  [
    'rtb-0a1',
    ireland,
    'https://eu-west-1.console.aws.amazon.com/vpcconsole/home?region=eu-west-1#RouteTableDetails:RouteTableId=rtb-0a1',
  ],
  [
    'sg-0a1',
    ireland,
    'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#SecurityGroup:groupId=sg-0a1',
  ],
  [
    'vpce-0a1',
    { partition: 'aws-cn', region: 'cn-north-1' },
    'https://cn-north-1.console.amazonaws.cn/vpcconsole/home?region=cn-north-1#EndpointDetails:vpcEndpointId=vpce-0a1',
  ],
  [
    'nat-0a1',
    { partition: 'aws-us-gov', region: 'us-gov-west-1' },
    'https://us-gov-west-1.console.amazonaws-us-gov.com/vpcconsole/home?region=us-gov-west-1#NatGatewayDetails:natGatewayId=nat-0a1',
  ],
  [
    'igw-0a1',
    { partition: 'aws-eusc', region: 'eusc-de-east-1' },
    'https://eusc-de-east-1.console.amazonaws-eusc.eu/vpcconsole/home?region=eusc-de-east-1#InternetGateway:internetGatewayId=igw-0a1',
  ],
  [
    'arn:aws:ecs:eu-west-1:111122223333:service/prod/web',
    ireland,
    'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/prod/services/web/health?region=eu-west-1',
  ],
  [
    'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7',
    ireland,
    'https://eu-west-1.console.aws.amazon.com/ecs/v2/task-definitions/web/7/containers?region=eu-west-1',
  ],
  [
    'arn:aws:ecr:us-east-1:999988887777:repository/team/web',
    ireland,
    'https://us-east-1.console.aws.amazon.com/ecr/repositories/private/999988887777/team/web?region=us-east-1',
  ],
  [
    '999988887777.dkr.ecr.us-east-1.amazonaws.com/team/web:v1',
    ireland,
    'https://us-east-1.console.aws.amazon.com/ecr/repositories/private/999988887777/team/web?region=us-east-1',
  ],
  [
    'arn:aws-us-gov:iam::111122223333:role/team/app',
    ireland,
    'https://us-gov-west-1.console.amazonaws-us-gov.com/iam/home#/roles/details/app',
  ],
  [
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1b2c3',
    ireland,
    'https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=prod%2Fdb&region=eu-west-1',
  ],
])('%s has a page', (resource, home, url) => {
  expect(consoleLink(resource, home)).toBe(url);
});

test.each([
  ['a word', 'DISABLED', ireland],
  ['a host', 'api.ecr.eu-west-1.amazonaws.com', ireland],
  ['an IAM action', 'ecr:BatchGetImage', ireland],
  ['a Region', 'eu-west-1', ireland],
  ['an id with markup', 'sg-0a1"><script>', ireland],
  ['a partition without a public console', 'rtb-0a1', { partition: 'aws-iso', region: 'us-iso-east-1' }],
  ['a partition that is a name of Object', 'rtb-0a1', { partition: 'constructor', region: 'eu-west-1' }],
  ['a Region that is none', 'rtb-0a1', { partition: 'aws', region: 'evil.example/' }],
  ['an ARN without a name', 'arn:aws:ecs:eu-west-1:111122223333:service/', ireland],
])('%s has none', (_, resource, home) => {
  expect(consoleLink(resource, home)).toBeNull();
});
