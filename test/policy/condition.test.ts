import { decide, type PolicyRequest } from '../../lambda/policy/decide.ts';

const account = '111122223333';
const variable = (text: string) => `\${${text}}`;
const request: PolicyRequest = {
  action: 'ecr:BatchGetImage',
  resource: '*',
  principal: { kind: 'role', arn: `arn:aws:iam::${account}:role/team/puller`, accountId: account },
  context: {
    'aws:SourceVpce': ['vpce-1'],
    'aws:SourceArn': [`arn:aws:ecs:eu-west-1:${account}:task/web/0a1b`],
    'aws:SecureTransport': ['true'],
    'aws:SourceIp': ['10.1.2.3'],
    'aws:CurrentTime': ['2026-05-04T10:00:00Z'],
    'aws:PrincipalTag/team': ['shop'],
    'aws:PrincipalTag/star': ['*'],
    'ec2:Size': ['8'],
    'x:bytes': ['QUJD'],
    'x:ipv6': ['2001:db8::1'],
    'x:none': [],
    'x:arn-in-arn': ['arn:aws:x:eu-west-1:999:store/abc:111:finance/document.txt'],
    'aws:TagKeys': ['team', 'stage'],
    'x:sizes': ['8', 'eight'],
    'x:block': ['10.1.2.0/24'],
    'x:colons': ['arn:aws:x:us-gov-east-1:b-1:c:d'],
  },
  absent: ['aws:PrincipalOrgID'],
};

const allowAll = { Effect: 'Allow', Principal: '*', Action: '*' };
const decision = (Condition: unknown, Version = '2012-10-17') =>
  decide(JSON.stringify({ Version, Statement: { ...allowAll, Condition } }), request).decision;

const vpce = (operator: string, value: unknown) => ({ [operator]: { 'aws:SourceVpce': value } });
const arn = (operator: string, value: unknown) => ({ [operator]: { 'aws:SourceArn': value } });
const arnOfColons = (region: string) => ({ ArnLike: { 'x:colons': `arn:aws:x:${region}:*:*` } });
const time = (operator: string, value: unknown) => ({ [operator]: { 'aws:CurrentTime': value } });
const size = (operator: string, value: unknown) => ({ [operator]: { 'ec2:Size': value } });
const ip = (operator: string, value: unknown) => ({ [operator]: { 'aws:SourceIp': value } });
const org = (operator: string, value: unknown) => ({ [operator]: { 'aws:PrincipalOrgID': value } });
const tags = (operator: string, value: unknown) => ({ [operator]: { 'aws:TagKeys': value } });
const unknown = (operator: string, value: unknown = 'x') => ({
  [operator]: { 'aws:PrincipalTag/unknown': value },
});

test.each<[string, unknown, string]>([
  ['an empty condition is met', {}, 'allowed'],
  ['an operator without keys is met', { StringEquals: {} }, 'allowed'],
  ['one of several values is enough', vpce('StringEquals', ['vpce-2', 'vpce-1']), 'allowed'],
  ['keys are compared without regard to case', { StringEquals: { 'AWS:sourceVPCE': 'vpce-1' } }, 'allowed'],
  [
    'all keys must be met',
    { StringEquals: { 'aws:SourceVpce': 'vpce-1', 'aws:SecureTransport': 'false' } },
    'denied',
  ],
  ['all operators must be met', { ...vpce('StringEquals', 'vpce-1'), ...size('NumericEquals', 9) }, 'denied'],
  [
    'one key that is not met decides over one that is unknown',
    { ...vpce('StringEquals', 'vpce-2'), ...unknown('StringLike') },
    'denied',
  ],
  [
    'one key that is unknown leaves the rest open',
    { ...vpce('StringEquals', 'vpce-1'), ...unknown('StringLike') },
    'cannot-tell',
  ],
  ['an unknown operator tells nothing', vpce('StringMatches', 'vpce-1'), 'cannot-tell'],
  ['an operator named like a part of JavaScript tells nothing', vpce('constructor', 'vpce-1'), 'cannot-tell'],
  ['a list of no values cannot be read', vpce('StringEquals', []), 'cannot-tell'],
  ['a condition that is no object cannot be read', 'aws:SourceVpce', 'cannot-tell'],
  ['a condition that is a number cannot be read', 5, 'cannot-tell'],
  ['a condition that is a list cannot be read', [], 'cannot-tell'],
  ['a value that is an object cannot be read', vpce('StringEquals', { a: 1 }), 'cannot-tell'],

  ['StringEquals minds the case', vpce('StringEquals', 'VPCE-1'), 'denied'],
  ['StringEquals takes a star as it is', vpce('StringEquals', 'vpce-*'), 'denied'],
  ['StringEquals is not met by the end of a value', vpce('StringEquals', 'pce-1'), 'denied'],
  ['StringEquals is met by capitals', { StringEquals: { 'x:bytes': 'QUJD' } }, 'allowed'],
  ['StringLike takes a star for nothing too', vpce('StringLike', 'vpce-1*'), 'allowed'],
  ['StringEquals takes a question mark as it is', vpce('StringEquals', 'vpce-?'), 'denied'],
  ['a brace alone is no variable', vpce('StringEquals', 'vpce}'), 'denied'],
  ['StringNotEquals is met by another value', vpce('StringNotEquals', 'vpce-2'), 'allowed'],
  [
    'StringNotEquals is not met if one of its values is ours',
    vpce('StringNotEquals', ['vpce-2', 'vpce-1']),
    'denied',
  ],
  ['StringEqualsIgnoreCase does not mind the case', vpce('StringEqualsIgnoreCase', 'VPCE-1'), 'allowed'],
  ['StringNotEqualsIgnoreCase does not either', vpce('StringNotEqualsIgnoreCase', 'VPCE-1'), 'denied'],
  ['StringLike knows wildcards', vpce('StringLike', 'vpce-?'), 'allowed'],
  ['StringLike minds the case', vpce('StringLike', 'VPCE-*'), 'denied'],
  ['StringNotLike is not met by what fits', vpce('StringNotLike', '*1'), 'denied'],
  ['StringNotLike is met by what does not fit', vpce('StringNotLike', '*2'), 'allowed'],

  ['ArnLike compares part by part', arn('ArnLike', `arn:aws:ecs:*:${account}:task/*`), 'allowed'],
  ['ArnEquals knows wildcards too', arn('ArnEquals', `arn:aws:ecs:eu-west-1:${account}:*`), 'allowed'],
  [
    'ArnLike does not reach over a colon',
    { ArnLike: { 'x:arn-in-arn': 'arn:aws:x:*:111:finance/*' } },
    'denied',
  ],
  ['ArnLike does not reach over a colon for any part', arnOfColons('us-*-1'), 'allowed'],
  ['ArnLike does not, though the rest fits', arnOfColons('us-*b-1'), 'denied'],
  ['StringLike does', { StringLike: { 'x:arn-in-arn': 'arn:aws:x:*:111:finance/*' } }, 'allowed'],
  ['ArnNotLike is not met by what fits', arn('ArnNotLike', `arn:aws:ecs:*:${account}:*`), 'denied'],
  ['ArnNotEquals is met by another account', arn('ArnNotEquals', 'arn:aws:ecs:*:444455556666:*'), 'allowed'],
  [
    'a value that is no ARN does not fit one',
    { ArnLike: { 'aws:SourceVpce': 'arn:aws:ec2:*:*:*' } },
    'denied',
  ],
  [
    'one value that does not fit leaves it to one that is not known',
    vpce('StringEquals', ['vpce-2', variable('aws:PrincipalTag/unknown')]),
    'cannot-tell',
  ],
  [
    'a pattern with a variable that is not known tells nothing',
    arn('ArnLike', `arn:aws:ecs:*:${variable('aws:PrincipalTag/unknown')}:task/*`),
    'cannot-tell',
  ],
  ['a pattern that is no ARN tells nothing', arn('ArnLike', '*'), 'cannot-tell'],

  ['Bool takes texts', { Bool: { 'aws:SecureTransport': 'true' } }, 'allowed'],
  ['Bool takes booleans', { Bool: { 'aws:SecureTransport': true } }, 'allowed'],
  ['Bool tells true from false', { Bool: { 'aws:SecureTransport': 'false' } }, 'denied'],
  ['Bool does not know other words', { Bool: { 'aws:SecureTransport': 'yes' } }, 'cannot-tell'],

  ['Null true asks for a key that is absent', org('Null', 'true'), 'allowed'],
  ['Null false asks for a key that is there', org('Null', false), 'denied'],
  ['Null false is met by a key that is there', vpce('Null', 'false'), 'allowed'],
  ['Null true is not met by a key that is there', vpce('Null', true), 'denied'],
  ['Null true is met by a key with no value', { Null: { 'x:none': 'true' } }, 'allowed'],
  ['Null tells nothing of a key that is unknown', unknown('Null', 'true'), 'cannot-tell'],
  ['Null knows no other words', org('Null', 'maybe'), 'cannot-tell'],
  ['Null has no form for keys that exist', org('NullIfExists', 'true'), 'cannot-tell'],

  ['NumericEquals takes numbers', size('NumericEquals', 8), 'allowed'],
  ['NumericEquals compares numbers, not texts', size('NumericEquals', '8.0'), 'allowed'],
  ['NumericNotEquals is not met by the same number', size('NumericNotEquals', '8'), 'denied'],
  ['NumericLessThan leaves out the bound', size('NumericLessThan', '8'), 'denied'],
  ['NumericLessThanEquals includes it', size('NumericLessThanEquals', '8'), 'allowed'],
  ['NumericGreaterThan leaves out the bound', size('NumericGreaterThan', '8'), 'denied'],
  ['NumericGreaterThanEquals includes it', size('NumericGreaterThanEquals', '8'), 'allowed'],
  ['NumericLessThan is not the order of texts', size('NumericLessThan', '10'), 'allowed'],
  ['a bound that is no number tells nothing', size('NumericLessThan', 'ten'), 'cannot-tell'],
  ['a value that is no number tells nothing', vpce('NumericNotEquals', '8'), 'cannot-tell'],

  ['DateGreaterThan takes a day', time('DateGreaterThan', '2026-05-04'), 'allowed'],
  ['DateLessThan takes an instant with a zone', time('DateLessThan', '2026-05-04T13:00:01+03:00'), 'allowed'],
  ['DateEquals compares instants, not texts', time('DateEquals', '2026-05-04T12:00:00+02:00'), 'allowed'],
  ['DateNotEquals is not met by the same instant', time('DateNotEquals', '2026-05-04T10:00Z'), 'denied'],
  ['DateLessThanEquals takes seconds since 1970', time('DateLessThanEquals', 1777888800), 'allowed'],
  ['DateGreaterThanEquals includes the bound', time('DateGreaterThanEquals', '1777888800'), 'allowed'],
  ['a time without a zone tells nothing', time('DateLessThan', '2026-05-04T13:00:01'), 'cannot-tell'],
  ['a day that does not exist tells nothing', time('DateLessThan', '2026-13-40'), 'cannot-tell'],

  ['IpAddress takes a block', ip('IpAddress', '10.0.0.0/8'), 'allowed'],
  ['IpAddress takes a single address', ip('IpAddress', '10.1.2.3'), 'allowed'],
  [
    'an address of IPv6 without a prefix is one address',
    { IpAddress: { 'x:ipv6': '2001:db8::2' } },
    'denied',
  ],
  ['a block is no address', { IpAddress: { 'x:block': '10.0.0.0/8' } }, 'cannot-tell'],
  ['IpAddress takes several blocks', ip('IpAddress', ['192.0.2.0/24', '10.1.0.0/16']), 'allowed'],
  ['IpAddress is not met outside of the block', ip('IpAddress', '10.2.0.0/16'), 'denied'],
  ['NotIpAddress is not met inside of the block', ip('NotIpAddress', '10.0.0.0/8'), 'denied'],
  ['NotIpAddress is met outside of the block', ip('NotIpAddress', '192.0.2.0/24'), 'allowed'],
  ['an address of one kind is in no block of the other', ip('IpAddress', '::/0'), 'denied'],
  ['IpAddress knows IPv6', { IpAddress: { 'x:ipv6': '2001:DB8::/32' } }, 'allowed'],
  ['a block that is none tells nothing', ip('IpAddress', '10/8'), 'cannot-tell'],
  ['a value that is no address tells nothing', vpce('IpAddress', '10.0.0.0/8'), 'cannot-tell'],

  ['BinaryEquals compares what is encoded', { BinaryEquals: { 'x:bytes': 'QUJD' } }, 'allowed'],
  ['BinaryEquals minds the case', { BinaryEquals: { 'x:bytes': 'qujd' } }, 'denied'],

  ['a key that is absent matches nothing', org('StringEquals', 'o-1'), 'denied'],
  ['a key that is absent meets a negation', org('StringNotEquals', 'o-1'), 'allowed'],
  ['a key that is absent meets NotIpAddress', org('NotIpAddress', '10.0.0.0/8'), 'allowed'],
  ['a key that is absent is less than no number', org('NumericLessThan', '5'), 'denied'],
  ['a key that is absent meets IfExists', org('StringEqualsIfExists', 'o-1'), 'allowed'],
  ['a key that is absent meets a negation with IfExists', org('StringNotEqualsIfExists', 'o-1'), 'allowed'],
  ['a key that is there must match with IfExists', vpce('StringEqualsIfExists', 'vpce-2'), 'denied'],
  ['a key that is unknown tells nothing', unknown('StringEquals'), 'cannot-tell'],
  ['a key that is unknown tells nothing to a negation', unknown('StringNotEquals'), 'cannot-tell'],
  ['a key that is unknown tells nothing with IfExists', unknown('ArnLikeIfExists'), 'cannot-tell'],

  [
    'ForAllValues is met if every value fits',
    tags('ForAllValues:StringEquals', ['team', 'stage', 'x']),
    'allowed',
  ],
  [
    'ForAllValues is not met if one value does not fit',
    tags('ForAllValues:StringEquals', ['team']),
    'denied',
  ],
  ['ForAllValues is met by a key that is absent', org('ForAllValues:StringEquals', 'o-1'), 'allowed'],
  ['ForAllValues with a negation wants no value to fit', tags('ForAllValues:StringNotLike', 't*'), 'denied'],
  ['ForAnyValue is met if one value fits', tags('ForAnyValue:StringLike', 't*'), 'allowed'],
  ['ForAnyValue is not met if no value fits', tags('ForAnyValue:StringEquals', 'x'), 'denied'],
  [
    'ForAnyValue with a negation wants one value not to fit',
    tags('ForAnyValue:StringNotEquals', 'team'),
    'allowed',
  ],
  ['ForAnyValue is not met by a key that is absent', org('ForAnyValue:StringEquals', 'o-1'), 'denied'],
  [
    'ForAnyValue with a negation is not met by a key that is absent',
    org('ForAnyValue:StringNotEquals', 'o-1'),
    'denied',
  ],
  [
    'ForAnyValue with IfExists contradicts itself where the key is absent',
    org('ForAnyValue:StringEqualsIfExists', 'o-1'),
    'cannot-tell',
  ],
  [
    'a set operator tells nothing of a key that is unknown',
    unknown('ForAllValues:StringEquals'),
    'cannot-tell',
  ],
  ['several values without a set operator tell nothing', tags('StringEquals', 'team'), 'cannot-tell'],
  ['several values without a set operator tell something if they agree', tags('StringLike', '*'), 'allowed'],

  [
    'a variable is replaced',
    { StringEquals: { 'aws:PrincipalAccount': variable('aws:PrincipalAccount') } },
    'allowed',
  ],
  [
    'a variable is replaced by what the request has',
    vpce('StringNotEquals', `${variable('aws:PrincipalTag/team')}-1`),
    'allowed',
  ],
  [
    'the keys of variables are compared without regard to case',
    { StringEquals: { 'aws:PrincipalTag/team': variable('AWS:principaltag/TEAM') } },
    'allowed',
  ],
  ['a star from a variable is no wildcard', vpce('StringLike', variable('aws:PrincipalTag/star')), 'denied'],
  [
    'a default value stands in for an absent variable',
    vpce('StringEquals', variable("aws:PrincipalOrgID, 'vpce-1'")),
    'allowed',
  ],
  [
    'a default value does not stand in for a value',
    { StringEquals: { 'aws:PrincipalTag/team': variable("aws:PrincipalTag/team, 'x'") } },
    'allowed',
  ],
  [
    'a default value does not stand in for what is unknown',
    vpce('StringEquals', variable("aws:PrincipalTag/unknown, 'vpce-1'")),
    'cannot-tell',
  ],
  ['an absent variable tells nothing', vpce('StringEquals', variable('aws:PrincipalOrgID')), 'cannot-tell'],
  [
    'a variable of several values tells nothing',
    vpce('StringEquals', variable('aws:TagKeys')),
    'cannot-tell',
  ],
  [
    'a star may be written as a variable',
    { StringLike: { 'aws:PrincipalTag/star': variable('*') } },
    'allowed',
  ],
  ['a star written as a variable is no wildcard', vpce('StringLike', `vpce-${variable('*')}`), 'denied'],
  [
    'a question mark written as a variable is no wildcard',
    vpce('StringLike', `vpce-${variable('?')}`),
    'denied',
  ],
  ['a dollar may be written as a variable', vpce('StringLike', `${variable('$')}*`), 'denied'],
  [
    'a variable may be a part of an ARN',
    arn('ArnLike', `arn:aws:ecs:*:${variable('aws:PrincipalAccount')}:task/*`),
    'allowed',
  ],
  [
    'a variable may be a whole ARN',
    { ArnEquals: { 'aws:PrincipalArn': variable('aws:PrincipalArn') } },
    'allowed',
  ],
  ['a brace that is not closed is text', vpce('StringEquals', '${aws:PrincipalAccount'), 'denied'],
  ['numbers have no variables', size('NumericEquals', variable('ec2:Size')), 'cannot-tell'],

  [
    'what follows from the principal is known: its ARN',
    { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/team/*` } },
    'allowed',
  ],
  [
    'what follows from the principal is known: its account',
    { StringNotEquals: { 'aws:PrincipalAccount': account } },
    'denied',
  ],
  [
    'what follows from the principal is known: it is no service',
    { Bool: { 'aws:PrincipalIsAWSService': 'true' } },
    'denied',
  ],
])('%s', (_name, condition, expected) => {
  expect(decision(condition)).toBe(expected);
});

test('a variable that is not known is named', () => {
  const StringEquals = { 'aws:SourceVpce': variable('aws:PrincipalTag/unknown') };
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: { ...allowAll, Condition: { StringEquals } },
  });

  expect(decide(text, request)).toMatchObject({
    because: expect.stringContaining('variable `aws:PrincipalTag/unknown` is not known'),
  });
});

test('why a value cannot be judged goes before that it is one of several', () => {
  const text = JSON.stringify({
    Statement: { ...allowAll, Condition: { NumericEquals: { 'x:sizes': '8' } } },
  });

  expect(decide(text, request)).toMatchObject({ because: expect.stringContaining('`eight` is no number') });
});

test.each(['2008-10-17', undefined])('the policy language of version %s has no variables', (Version) => {
  const condition = { StringLike: { 'aws:PrincipalAccount': variable('aws:PrincipalAccount') } };

  expect(decision(condition)).toBe('allowed');
  expect(
    decide(
      JSON.stringify({
        Version,
        Statement: { Effect: 'Allow', Principal: '*', Action: '*', Condition: condition },
      }),
      request,
    ).decision,
  ).toBe('denied');
});

test('what the caller says of a key goes before what follows from the principal', () => {
  const known = { ...request, context: { 'aws:PrincipalAccount': ['444455556666'] } };
  const text = JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Principal: '*',
      Action: '*',
      Condition: { StringEquals: { 'aws:principalaccount': account } },
    },
  });

  expect(decide(text, known).decision).toBe('denied');
});

test('a service is known to be one', () => {
  const text = JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Principal: '*',
      Action: '*',
      Condition: { Bool: { 'aws:PrincipalIsAWSService': true } },
    },
  });

  expect(
    decide(text, { ...request, principal: { kind: 'service', service: 'ecs-tasks.amazonaws.com' } }).decision,
  ).toBe('allowed');
  expect(decide(text, { ...request, principal: { kind: 'foreign' } }).decision).toBe('cannot-tell');
});
