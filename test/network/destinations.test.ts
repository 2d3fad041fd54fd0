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
