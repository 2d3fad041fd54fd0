import { decide, type PolicyRequest } from '../../lambda/policy/decide.ts';

const account = '111122223333';
const variable = (text: string) => `\${${text}}`;
const roleArn = `arn:aws:iam::${account}:role/team/puller`;
const repository = `arn:aws:ecr:eu-west-1:${account}:repository/shop/web`;

const pull: PolicyRequest = {
  action: 'ecr:BatchGetImage',
  resource: repository,
  principal: { kind: 'role', arn: roleArn, accountId: account },
  context: {},
};
const bySomebody: PolicyRequest = { ...pull, principal: { kind: 'unknown' } };
const byEcr: PolicyRequest = {
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/layer',
  principal: { kind: 'foreign', notAccountIds: [account] },
  context: {},
};
const assume: PolicyRequest = {
  action: 'sts:AssumeRole',
  resource: roleArn,
  principal: { kind: 'service', service: 'ecs-tasks.amazonaws.com' },
  context: {
    'aws:SourceAccount': [account],
    'aws:SourceArn': [`arn:aws:ecs:eu-west-1:${account}:task/web/0a1b`],
  },
};

type Statement = Record<string, unknown>;
const allow = (more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Principal: '*',
  Action: '*',
  ...more,
});
const deny = (more: Statement = {}): Statement => allow({ Effect: 'Deny', ...more });
const policy = (...statements: unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const decision = (statements: unknown[], request = pull) => decide(policy(...statements), request).decision;

describe('documents', () => {
  test.each<[string, string, string]>([
    ['a list of statements is read', policy(allow()), 'allowed'],
    ['a single statement may stand without a list', JSON.stringify({ Statement: allow() }), 'allowed'],
    ['no statements allow nothing', policy(), 'denied'],
    ['an empty text tells nothing', '', 'cannot-tell'],
    ['a text that is not JSON tells nothing', '%7B%22Statement%22%7D', 'cannot-tell'],
    ['JSON without statements tells nothing', '{"Version":"2012-10-17"}', 'cannot-tell'],
    ['a list is no policy', '[]', 'cannot-tell'],
    ['a null statement tells nothing', policy(null), 'cannot-tell'],
    ['a statement whose principal is null tells nothing', policy(allow({ Principal: null })), 'cannot-tell'],
    ['a statement whose condition is null tells nothing', policy(allow({ Condition: null })), 'cannot-tell'],
    [
      'an unknown version tells nothing',
      JSON.stringify({ Version: '2031-01-01', Statement: allow() }),
      'cannot-tell',
    ],
    [
      'the old version is read',
      JSON.stringify({ Version: '2008-10-17', Id: 'x', Statement: [allow()] }),
      'allowed',
    ],
    [
      'a statement without a principal cannot be read',
      policy({ Effect: 'Allow', Action: '*' }),
      'cannot-tell',
    ],
    [
      'a statement without an action cannot be read',
      policy({ Effect: 'Allow', Principal: '*' }),
      'cannot-tell',
    ],
    ['an unknown effect may be a denial', policy(allow(), allow({ Effect: 'Audit' })), 'cannot-tell'],
    ['an unknown element may limit the statement', policy(allow({ Conditions: {} })), 'cannot-tell'],
    ['an element beside its negation cannot be read', policy(allow({ NotAction: 's3:*' })), 'cannot-tell'],
    [
      'resources beside all but some cannot be read',
      policy(allow({ Resource: '*', NotResource: 'arn:aws:ecr:::a' })),
      'cannot-tell',
    ],
    ['an empty list of actions cannot be read', policy(allow({ Action: [] })), 'cannot-tell'],
    ['an unreadable statement does not save a request from a denial', policy(deny(), 7), 'denied'],
  ])('%s', (_name, text, expected) => {
    expect(decide(text, pull).decision).toBe(expected);
  });
});

describe('effects', () => {
  const unknown = { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } };
  const other = { Action: 'ecr:PutImage' };

  test.each<[string, unknown[], string]>([
    ['what a statement allows is allowed', [allow()], 'allowed'],
    ['what no statement allows is denied', [allow(other)], 'denied'],
    ['an explicit denial wins over an allowance', [allow(), deny()], 'denied'],
    ['a denial of another action denies nothing', [allow(), deny(other)], 'allowed'],
    ['an explicit denial wins over what is unknown', [allow(unknown), deny(unknown), deny()], 'denied'],
    ['a denial that may apply leaves an allowance open', [allow(), deny(unknown)], 'cannot-tell'],
    ['an allowance that may apply is none yet', [allow(unknown)], 'cannot-tell'],
    ['a certain allowance makes a possible one needless', [allow(unknown), allow()], 'allowed'],
    ['a denial that may apply changes nothing where nothing allows', [deny(unknown)], 'denied'],
    [
      'an unknown condition of a statement about something else does not matter',
      [allow({ ...unknown, ...other })],
      'denied',
    ],
  ])('%s', (_name, statements, expected) => {
    expect(decision(statements)).toBe(expected);
  });

  test('the statement that decides is named by its Sid, or by its position', () => {
    expect(decide(policy(allow({ Sid: 'Pull' })), pull)).toEqual({
      decision: 'allowed',
      by: 'statement `Pull`',
    });
    expect(decide(policy(allow(), deny()), pull)).toEqual({
      decision: 'denied',
      by: 'statement 2',
      explicit: true,
    });
    expect(decide(policy(), pull)).toEqual({
      decision: 'denied',
      by: 'no statement allows it',
      explicit: false,
    });
  });

  test('what is not known is named', () => {
    expect(decide(policy(allow({ Sid: 'Pull', ...unknown })), pull)).toEqual({
      decision: 'cannot-tell',
      because: 'statement `Pull`: `aws:SourceVpce` of the request is not known',
    });
  });

  test('a denial for want of an allowance says that it may be explicit too', () => {
    expect(decide(policy(deny(unknown)), pull)).toEqual({
      decision: 'denied',
      by: 'no statement allows it',
      explicit: false,
      perhapsExplicit: 'statement 1: `aws:SourceVpce` of the request is not known',
    });
  });
});

describe('actions and resources', () => {
  test.each<[string, Statement, string]>([
    ['an action is compared without regard to case', { Action: 'ECR:batchgetimage' }, 'allowed'],
    ['one of several actions is enough', { Action: ['ecr:PutImage', 'ecr:BatchGetImage'] }, 'allowed'],
    ['a star stands for any part of an action', { Action: 'ecr:*Get*' }, 'allowed'],
    ['a question mark stands for one character', { Action: 'ecr:BatchGetImag?' }, 'allowed'],
    ['a question mark does not stand for none', { Action: 'ecr:BatchGetImage?' }, 'denied'],
    ['an action is compared as a whole', { Action: 'ecr:BatchGet' }, 'denied'],
    ['NotAction means all other actions', { Action: undefined, NotAction: 'ecr:PutImage' }, 'allowed'],
    ['NotAction leaves out what it names', { Action: undefined, NotAction: ['ecr:Batch*'] }, 'denied'],
    ['a statement without a resource means the resource it is attached to', {}, 'allowed'],
    ['a resource is compared as it is written', { Resource: repository }, 'allowed'],
    ['a resource is compared with regard to case', { Resource: repository.toUpperCase() }, 'denied'],
    ['a star reaches over slashes and colons', { Resource: 'arn:aws:ecr:*/web' }, 'allowed'],
    ['another resource is another', { Resource: `${repository}-2` }, 'denied'],
    ['one of several resources is enough', { Resource: ['arn:aws:ecr:::a', '*'] }, 'allowed'],
    [
      'a variable stands for what the request has',
      { Resource: `arn:aws:ecr:eu-west-1:${variable('aws:PrincipalAccount')}:repository/*` },
      'allowed',
    ],
    ['NotResource means all other resources', { NotResource: `${repository}-2` }, 'allowed'],
    ['NotResource leaves out what it names', { NotResource: '*/shop/*' }, 'denied'],
    [
      'a variable of a resource is replaced',
      { Resource: `arn:aws:ecr:*:${variable('aws:PrincipalAccount')}:*` },
      'allowed',
    ],
    [
      'a variable that is not known leaves the resource open',
      { Resource: `*/${variable('aws:PrincipalTag/team')}/*` },
      'cannot-tell',
    ],
    ['a text with dots is no regular expression', { Resource: repository.replace('shop', '....') }, 'denied'],
  ])('%s', (_name, more, expected) => {
    expect(decision([allow(more)])).toBe(expected);
  });

  test.each([
    ['*', 'allowed'],
    ['arn:aws:ecr:*', 'denied'],
  ])('an action without a resource is allowed on `%s`: %s', (Resource, expected) => {
    expect(
      decision([allow({ Resource })], { ...pull, action: 'ecr:GetAuthorizationToken', resource: '*' }),
    ).toBe(expected);
  });

  test('many wildcards do not take long', () => {
    expect(
      decision([allow({ Resource: `${'*a'.repeat(500)}b` })], { ...pull, resource: 'a'.repeat(2000) }),
    ).toBe('denied');
  });
});

describe('principals', () => {
  const aws = (...AWS: string[]) => ({ AWS });
  const user = 'AIDACKCEVSQ6C2EXAMPLE';

  test.each<[string, unknown, PolicyRequest, string]>([
    ['a star means everybody', '*', pull, 'allowed'],
    ['a star means everybody, whoever it is', '*', bySomebody, 'allowed'],
    ['a star means an account of AWS too', '*', byEcr, 'allowed'],
    ['a star means services too', '*', assume, 'allowed'],
    ['a star of type AWS means every role', { AWS: '*' }, pull, 'allowed'],
    ['whether a star of type AWS means services is not documented', { AWS: '*' }, assume, 'cannot-tell'],
    ['an account id means everybody in the account', aws(account), pull, 'allowed'],
    ['the root of an account means everybody in it', aws(`arn:aws:iam::${account}:root`), pull, 'allowed'],
    [
      'the root of an account of another partition is one too',
      aws(`arn:aws-cn:iam::${account}:root`),
      pull,
      'allowed',
    ],
    ['another account is another', aws('444455556666'), pull, 'denied'],
    ['one of several principals is enough', aws('444455556666', account), pull, 'allowed'],
    ['a role is named by its ARN', { AWS: roleArn }, pull, 'allowed'],
    ['another role is another', { AWS: `${roleArn}-2` }, pull, 'denied'],
    ['a role without its path is another', { AWS: `arn:aws:iam::${account}:role/puller` }, pull, 'denied'],
    ['a user is no role', { AWS: `arn:aws:iam::${account}:user/puller` }, pull, 'denied'],
    [
      'a session of the role may be ours',
      { AWS: `arn:aws:sts::${account}:assumed-role/puller/0a1b` },
      pull,
      'cannot-tell',
    ],
    [
      'a session of another role is not ours',
      { AWS: `arn:aws:sts::${account}:assumed-role/pusher/0a1b` },
      pull,
      'denied',
    ],
    [
      'a session in another account is not ours',
      { AWS: 'arn:aws:sts::444455556666:assumed-role/puller/0a' },
      pull,
      'denied',
    ],
    ['the unique id of a role tells nothing', { AWS: 'AROADBQP57FF2AEXAMPLE' }, pull, 'cannot-tell'],
    ['the unique id of a user may be that of an account of AWS', { AWS: user }, byEcr, 'cannot-tell'],
    ['the unique id of a user is no role', { AWS: user }, pull, 'denied'],
    ['a wildcard in an ARN tells nothing', { AWS: `arn:aws:iam::${account}:role/*` }, pull, 'cannot-tell'],
    [
      'a wildcard in an ARN of another account is not ours',
      { AWS: 'arn:aws:iam::444455556666:role/*' },
      pull,
      'denied',
    ],
    [
      'a wildcard in the account of an ARN tells nothing',
      { AWS: 'arn:aws:iam::1111*:role/team/puller' },
      pull,
      'cannot-tell',
    ],
    ['a principal that is none tells nothing', { AWS: 'somebody' }, pull, 'cannot-tell'],
    ['an ARN that ends early is no principal', { AWS: 'arn:aws:iam' }, pull, 'cannot-tell'],
    ['a URN is no principal', { AWS: 'urn:aws:iam::444455556666:role/x' }, pull, 'cannot-tell'],
    ['whoever it is may be federated', { Federated: 'accounts.google.com' }, bySomebody, 'cannot-tell'],
    ['a service with a wildcard tells nothing', { Service: '*.amazonaws.com' }, assume, 'cannot-tell'],
    ['a service is no role', { Service: 'ecs-tasks.amazonaws.com' }, pull, 'denied'],
    ['a service is named', { Service: 'ecs-tasks.amazonaws.com' }, assume, 'allowed'],
    [
      'a service is named in a list',
      { Service: ['ec2.amazonaws.com', 'ecs-tasks.amazonaws.com'] },
      assume,
      'allowed',
    ],
    ['another service is another', { Service: 'ecs.amazonaws.com' }, assume, 'denied'],
    [
      'a name of the service for one Region tells nothing',
      { Service: 'ecs-tasks.eu-west-1.amazonaws.com' },
      assume,
      'cannot-tell',
    ],
    ['an account is no service', { AWS: account }, assume, 'denied'],
    ['a federated identity is no service', { Federated: 'accounts.google.com' }, assume, 'denied'],
    [
      'a federated identity is no role',
      { Federated: `arn:aws:iam::${account}:saml-provider/x` },
      pull,
      'denied',
    ],
    ['a canonical user may be anybody', { CanonicalUser: '79a59df900b949e5' }, pull, 'cannot-tell'],
    ['a canonical user is no service', { CanonicalUser: '79a59df900b949e5' }, assume, 'denied'],
    [
      'one of several types is enough',
      { Federated: 'x', Service: 'ecs-tasks.amazonaws.com' },
      assume,
      'allowed',
    ],
    ['an unknown type of principal tells nothing', { Agent: 'x' }, pull, 'cannot-tell'],
    ['a text other than a star cannot be read', account, pull, 'cannot-tell'],
    ['whoever it is may be of an account', { AWS: account }, bySomebody, 'cannot-tell'],
    ['whoever it is, a service it is not', { Service: 'ecs-tasks.amazonaws.com' }, bySomebody, 'denied'],
    ['a star of type AWS means whoever it is', { AWS: '*' }, bySomebody, 'allowed'],
    ['an account of AWS is none of ours', { AWS: account }, byEcr, 'denied'],
    ['an account of AWS has none of our roles', { AWS: roleArn }, byEcr, 'denied'],
    ['an account of AWS may be another account', { AWS: '444455556666' }, byEcr, 'cannot-tell'],
    [
      'an account of AWS may have roles that we do not know',
      { AWS: 'arn:aws:iam::444455556666:role/x' },
      byEcr,
      'cannot-tell',
    ],
    [
      'an account of AWS may be any if ours is not told',
      { AWS: account },
      { ...byEcr, principal: { kind: 'foreign' } },
      'cannot-tell',
    ],
    [
      'at a gateway endpoint an account is its root user',
      { AWS: account },
      { ...pull, gatewayEndpoint: true },
      'denied',
    ],
    [
      'at a gateway endpoint no account is Amazon ECR',
      { AWS: '444455556666' },
      { ...byEcr, gatewayEndpoint: true },
      'denied',
    ],
    ['at a gateway endpoint a star is everybody', '*', { ...byEcr, gatewayEndpoint: true }, 'allowed'],
    [
      'at a gateway endpoint a role tells nothing',
      { AWS: roleArn },
      { ...pull, gatewayEndpoint: true },
      'cannot-tell',
    ],
  ])('%s', (_name, Principal, request, expected) => {
    expect(decision([allow({ Principal })], request)).toBe(expected);
  });

  test.each<[string, string, unknown, PolicyRequest, string]>([
    ['denies whom it does not name', 'Deny', { AWS: '444455556666' }, pull, 'denied'],
    ['denies a service that it does not name', 'Deny', { Service: 'ec2.amazonaws.com' }, assume, 'denied'],
    ['spares a service that it names', 'Deny', { Service: 'ecs-tasks.amazonaws.com' }, assume, 'allowed'],
    ['may spare a role that it names', 'Deny', { AWS: [account, roleArn] }, pull, 'cannot-tell'],
    ['may spare a role of an account that it names', 'Deny', { AWS: account }, pull, 'cannot-tell'],
    ['denies an account of AWS that it does not name', 'Deny', { AWS: account }, byEcr, 'denied'],
    ['spares nobody it does not know', 'Deny', { AWS: account }, bySomebody, 'cannot-tell'],
    ['may spare somebody whom a wildcard means', 'Deny', { AWS: '*' }, bySomebody, 'cannot-tell'],
  ])('a denial with NotPrincipal %s', (_name, Effect, NotPrincipal, request, expected) => {
    expect(decision([allow(), { Effect, NotPrincipal, Action: '*' }], request)).toBe(expected);
  });

  test('an allowance with NotPrincipal is not supported', () => {
    expect(decision([{ Effect: 'Allow', NotPrincipal: { AWS: '444455556666' }, Action: '*' }])).toBe(
      'cannot-tell',
    );
  });
});

describe('policies as they are found', () => {
  const layersOnly = allow({
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*',
  });
  const ownOrganization = allow({
    Resource: '*',
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1', 'aws:ResourceOrgID': 'o-1' } },
  });
  const outsider = {
    ...byEcr,
    context: { 'aws:PrincipalOrgID': ['of AWS'], 'aws:ResourceOrgID': ['of AWS'] },
  };
  const trust = (Condition?: unknown) => ({
    Effect: 'Allow',
    Principal: { Service: 'ecs-tasks.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition,
  });

  test.each<[string, unknown[], PolicyRequest, string]>([
    ['the usual trust policy lets Amazon ECS assume the role', [trust()], assume, 'allowed'],
    [
      'a trust policy that names the account lets it too',
      [
        trust({
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:aws:ecs:eu-west-1:${account}:*` },
        }),
      ],
      assume,
      'allowed',
    ],
    [
      'a trust policy that names another account does not',
      [trust({ StringEquals: { 'aws:SourceAccount': '444455556666' } })],
      assume,
      'denied',
    ],
    ['an endpoint policy for the layers lets Amazon ECR through', [layersOnly], outsider, 'allowed'],
    ['an endpoint policy for our organization alone does not', [ownOrganization], outsider, 'denied'],
    ['with an exception for the layers it does', [ownOrganization, layersOnly], outsider, 'allowed'],
    [
      'a repository policy for an organization tells nothing of a role whose organization is not known',
      [
        allow({
          Action: ['ecr:BatchGetImage'],
          Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
        }),
      ],
      pull,
      'cannot-tell',
    ],
  ])('%s', (_name, statements, request, expected) => {
    expect(decision(statements, request)).toBe(expected);
  });
});

test('the old policy language has no variables for resources either', () => {
  const Resource = `arn:aws:ecr:eu-west-1:${variable('aws:PrincipalAccount')}:repository/*`;
  const text = JSON.stringify({ Version: '2008-10-17', Statement: allow({ Resource }) });

  expect(decide(text, pull).decision).toBe('denied');
});

describe('what follows from the resource', () => {
  const own = { Condition: { StringEquals: { 'aws:ResourceAccount': account } } };
  const here = { Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } } };
  const foreign = { ...pull, resource: repository.replace(account, '999922223333') };

  test.each<[string, unknown[], PolicyRequest, string]>([
    ['the account of a repository', [allow(own)], pull, 'allowed'],
    ['another account of a repository', [allow(own)], foreign, 'denied'],
    ['the Region of a repository', [allow(), deny(here)], pull, 'allowed'],
    ['a bucket shows neither', [allow(own)], byEcr, 'cannot-tell'],
    ['nor does what has no resource', [allow(own)], { ...pull, resource: '*' }, 'cannot-tell'],
  ])('%s', (_name, statements, request, expected) => {
    expect(decision(statements, request)).toBe(expected);
  });
});

describe('an ARN that is cut short', () => {
  test.each<[string, string, string]>([
    ['may be completed', 'arn:aws:ecr', 'cannot-tell'],
    ['may be completed, and fits no more then', 'arn:aws:s3', 'denied'],
    ['has a wildcard that completes it', 'arn:aws:ecr:*', 'allowed'],
    ['is none', '*shop', 'denied'],
    ['is whole, and not that one', `arn:aws:ecr:eu-west-1:${account}:repository/shop`, 'denied'],
  ])('%s', (_name, Resource, expected) => {
    expect(decision([allow({ Resource })])).toBe(expected);
  });
});

describe('an account as principal', () => {
  const root = { Principal: { AWS: `arn:aws:iam::${account}:root` } };

  test('allows nothing alone, and denies', () => {
    expect(decision([allow(root)], { ...pull, alone: true })).toBe('denied');
    expect(decision([allow(root)])).toBe('allowed');
    expect(decide(policy(allow(), deny(root)), { ...pull, alone: true })).toMatchObject({ explicit: true });
  });
});
