import { expect, test } from '@jest/globals';
import { collect } from '../../lambda/collect/collect.ts';
import { parsePullError } from '../../lambda/error-text/pull-error.ts';
import { stoppedTask } from '../../lambda/event.ts';
import type { StoppedTask } from '../../lambda/model/facts.ts';
import { destinationsOf } from '../../lambda/network/destinations.ts';
import { endpointServiceName } from '../../lambda/network/endpoints.ts';
import { fakeAws } from '../support/account.ts';
import { natWorld, stoppedEvent, texts } from '../support/worlds.ts';

// Host names: https://docs.aws.amazon.com/general/latest/gr/ecr.html
test.each([
  ['eu-west-1', 'dkr.ecr.eu-west-1.amazonaws.com', 'api.ecr.eu-west-1.amazonaws.com', 'com.amazonaws'],
  [
    'cn-north-1',
    'dkr.ecr.cn-north-1.amazonaws.com.cn',
    'api.ecr.cn-north-1.amazonaws.com.cn',
    'cn.com.amazonaws',
  ],
  [
    'eusc-de-east-1',
    'dkr.ecr.eusc-de-east-1.amazonaws.eu',
    'api.ecr.eusc-de-east-1.amazonaws.eu',
    'eu.amazonaws',
  ],
  ['us-iso-east-1', 'dkr.ecr.us-iso-east-1.c2s.ic.gov', 'api.ecr.us-iso-east-1.c2s.ic.gov', 'gov.ic.c2s'],
  [
    'us-isob-east-1',
    'dkr.ecr.us-isob-east-1.sc2s.sgov.gov',
    'api.ecr.us-isob-east-1.sc2s.sgov.gov',
    'gov.sgov.sc2s',
  ],
  [
    'cn-north-1',
    'dkr-ecr.cn-north-1.on.amazonwebservices.com.cn',
    'ecr.cn-north-1.api.amazonwebservices.com.cn',
    'cn.com.amazonaws',
  ],
  ['eu-west-1', 'dkr-ecr.eu-west-1.on.aws', 'ecr.eu-west-1.api.aws', 'com.amazonaws'],
])('the hosts and endpoints of a pull in %s', async (region, registry, token, prefix) => {
  const event = stoppedEvent({ text: texts.umbrella, image: `111122223333.${registry}/web:v1` });
  const { facts } = await collect(stoppedTask(event) as StoppedTask, fakeAws(natWorld()), new Date(0));

  const [first, second, third] = destinationsOf(facts, parsePullError(texts.umbrella));

  expect(first?.host).toBe(token);
  expect(second?.host).toBe(`111122223333.${registry}`);
  expect(third?.service).toBe('s3');
  expect(endpointServiceName({ service: 'ecr.api', region })).toBe(`${prefix}.${region}.ecr.api`);
});

test.each([
  [
    'arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf',
    'secretsmanager.us-east-1.amazonaws.com',
  ],
  ['arn:aws:ssm:us-east-1:111122223333:parameter/db', 'ssm.us-east-1.amazonaws.com'],
  ['/db', 'ssm.eu-west-1.amazonaws.com'],
])('%s is fetched from the Region that it names, else from that of the task', async (valueFrom, host) => {
  const account = natWorld();
  account.taskDefinition['containerDefinitions'] = [
    { name: 'web', image: 'web', secrets: [{ name: 'DB', valueFrom }] },
  ];
  const { facts } = await collect(
    stoppedTask(stoppedEvent({ text: texts.umbrella })) as StoppedTask,
    fakeAws(account),
    new Date(0),
  );

  const hosts = destinationsOf(facts, parsePullError(texts.umbrella))
    .filter(({ step }) => step === 'secrets')
    .map((one) => one.host);

  expect(hosts).toEqual([host]);
});

test('the name that the text says the token was asked at goes before that of the kind of the registry', async () => {
  const event = stoppedEvent({
    text: texts.tokenTimeout,
    image: '111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com/web:v1',
  });
  const { facts } = await collect(stoppedTask(event) as StoppedTask, fakeAws(natWorld()), new Date(0));
  const token = (text: string) =>
    destinationsOf(facts, parsePullError(text)).find(({ step }) => step === 'token')?.host;

  expect(token(texts.tokenTimeout)).toBe('api.ecr.eu-west-1.amazonaws.com');
  expect(token(texts.umbrella)).toBe('ecr-fips.eu-west-1.amazonaws.com');
});
