import { expect, test } from '@jest/globals';
import check from '../../lambda/checks/repository-not-found.ts';

const text = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/hub/nginx:1';
const gone = (pullThroughCacheRule: object) => ({
  task: {},
  images: [{ text, repository: 'hub/nginx', ecr: { accountId: '111122223333', region: 'eu-west-1' } }],
  ecrImages: [
    {
      image: text,
      repositoryArn: 'arn:aws:ecr:eu-west-1:111122223333:repository/hub/nginx',
      repositoryExists: { status: 'known', value: false },
      repositoryElsewhere: null,
      pullThroughCacheRule,
    },
  ],
});

test.each([
  ['no rule is there', { status: 'known', value: null }, { status: 'found', certainty: 'proven' }],
  [
    'the rules could not be read',
    { status: 'unknown', why: 'refused', action: 'ecr:DescribePullThroughCacheRules' },
    { status: 'found', certainty: 'likely' },
  ],
  ['a rule makes it', { status: 'known', value: { prefix: 'hub' } }, { status: 'not-applicable' }],
])('a repository that is not there, and %s', (_, rule, outcome) => {
  expect(check.examine(gone(rule) as never, {} as never)).toMatchObject(outcome);
});
