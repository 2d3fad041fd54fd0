import { decide, type PolicyRequest, type Principal } from '../../lambda/policy/decide.ts';
import fc from '../support/fast-check.ts';
import { sampled } from '../support/whole.ts';

const account = '111122223333';
const variable = (text: string) => `\${${text}}`;
const roleArn = `arn:aws:iam::${account}:role/puller`;
const keys = ['aws:SourceVpce', 'aws:PrincipalOrgID', 'aws:TagKeys'];
const values = ['a', 'b', 'arn:aws:ecs:eu-west-1:1:task/a', '8', '10.0.0.1', 'true'];

const orList = <T>(item: fc.Arbitrary<T>) => fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));
const operator = fc
  .tuple(
    fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom(
      'StringEquals',
      'StringNotEquals',
      'StringLike',
      'ArnNotLike',
      'NumericLessThan',
      'IpAddress',
      'Bool',
      'Null',
      'Odd',
    ),
    fc.constantFrom('', 'IfExists'),
  )
  .map((parts) => parts.join(''));
const wanted = fc.constantFrom(
  ...values,
  '*',
  'a*',
  variable('aws:SourceVpce'),
  variable("aws:PrincipalOrgID, 'a'"),
  '10.0.0.0/8',
);
const condition = fc.dictionary(
  operator,
  fc.dictionary(fc.constantFrom(...keys), orList(wanted), { maxKeys: 2 }),
  { maxKeys: 2 },
);
const principal = fc.oneof(
  fc.constant('*'),
  fc.dictionary(
    fc.constantFrom('AWS', 'Service', 'Federated'),
    orList(
      fc.constantFrom(
        '*',
        account,
        roleArn,
        '444455556666',
        'AROADBQP57FF2AEXAMPLE',
        'ecs-tasks.amazonaws.com',
      ),
    ),
    { minKeys: 1, maxKeys: 2 },
  ),
);
const statement = (effect: fc.Arbitrary<string>) =>
  fc
    .record({
      Effect: effect,
      who: fc.tuple(fc.constantFrom('Principal', 'Principal', 'NotPrincipal'), principal),
      what: fc.tuple(
        fc.constantFrom('Action', 'NotAction'),
        orList(fc.constantFrom('*', 'ecr:*', 'ecr:Batch?etImage', 's3:*')),
      ),
      where: fc.tuple(
        fc.constantFrom('Resource', 'NotResource'),
        orList(fc.constantFrom('*', 'arn:a', 'arn:b', `arn:${variable('aws:SourceVpce')}`)),
      ),
      Condition: condition,
    })
    .map(({ Effect, who, what, where, Condition }) => ({
      Effect,
      ...Object.fromEntries([who, what, where]),
      Condition,
    }));
const statements = fc.array(statement(fc.constantFrom('Allow', 'Deny')), { maxLength: 4 });
const context = fc.dictionary(
  fc.constantFrom(...keys),
  fc.array(fc.constantFrom(...values), { maxLength: 2 }),
);
const request: fc.Arbitrary<PolicyRequest> = fc
  .record({
    action: fc.constantFrom('ecr:BatchGetImage', 's3:GetObject'),
    resource: fc.constantFrom('arn:a', 'arn:b', '*'),
    principal: fc.constantFrom<Principal>(
      { kind: 'role', arn: roleArn, accountId: account },
      { kind: 'service', service: 'ecs-tasks.amazonaws.com' },
      { kind: 'foreign', notAccountIds: [account] },
      { kind: 'unknown' },
    ),
    context,
    absent: fc.subarray(keys),
  })
  .map(({ absent, ...rest }) => ({ ...rest, absent: absent.filter((key) => !(key in rest.context)) }));

const policy = (list: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement: list });
const decision = (list: readonly unknown[], of: PolicyRequest) => decide(policy(list), of).decision;
const many = { numRuns: sampled(1_000) };

test('another denial never turns denied into allowed or unclear', () => {
  fc.assert(
    fc.property(statements, statement(fc.constant('Deny')), request, (list, denial, of) => {
      const before = decision(list, of);

      const after = decision([...list, denial], of);

      if (before === 'denied') expect(after).toBe('denied');
      if (before === 'cannot-tell') expect(after).not.toBe('allowed');
    }),
    many,
  );
});

test('another allowance never turns allowed into denied or unclear', () => {
  fc.assert(
    fc.property(statements, statement(fc.constant('Allow')), request, (list, allowance, of) => {
      const before = decision(list, of);

      const after = decision([...list, allowance], of);

      if (before === 'allowed') expect(after).toBe('allowed');
      if (before === 'cannot-tell') expect(after).not.toBe('denied');
    }),
    many,
  );
});

test('the order of the statements never matters', () => {
  fc.assert(
    fc.property(
      statements.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      ),
      request,
      ([list, shuffled], of) => {
        expect(decision(shuffled, of)).toBe(decision(list, of));
      },
    ),
    many,
  );
});

test('to know less never turns allowed into denied, or denied into allowed', () => {
  fc.assert(
    fc.property(statements, request, fc.constantFrom(...keys), (list, of, forgotten) => {
      const { [forgotten]: _, ...rest } = of.context;
      const less = { ...of, context: rest, absent: of.absent?.filter((key) => key !== forgotten) ?? [] };

      const before = decide(policy(list), of);
      const after = decide(policy(list), less);

      expect([before.decision, 'cannot-tell']).toContain(after.decision);
      // And what is explicit may only become less certain, never the other way round.
      if (after.decision === 'denied' && after.explicit) expect(before).toMatchObject({ explicit: true });
      if (before.decision === 'denied' && before.explicit && after.decision === 'denied' && !after.explicit)
        expect(after.perhapsExplicit).toEqual(expect.any(String));
    }),
    many,
  );
});

test('not to know which role asks never turns allowed into denied, or denied into allowed', () => {
  fc.assert(
    fc.property(statements, request, (list, of) => {
      fc.pre(of.principal.kind === 'role');
      const before = decision(list, of);

      const after = decision(list, { ...of, principal: { kind: 'unknown' } });

      expect([before, 'cannot-tell']).toContain(after);
    }),
    many,
  );
});

test('what everybody may do everywhere is allowed, and nothing else decides', () => {
  fc.assert(
    fc.property(statements, request, (list, of) => {
      const allowances = list.filter(({ Effect }) => Effect === 'Allow');

      expect(decision([...allowances, { Effect: 'Allow', Principal: '*', Action: '*' }], of)).toBe('allowed');
      expect(decision([...list, { Effect: 'Deny', Principal: '*', Action: '*' }], of)).toBe('denied');
    }),
    many,
  );
});

test('no JSON and no other text makes it throw', () => {
  const odd = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((Statement) => JSON.stringify({ Version: '2012-10-17', Statement })),
    fc.jsonValue().map((value) =>
      policy([
        { Effect: 'Allow', Principal: value, Action: '*' },
        { Effect: 'Deny', Principal: '*', Action: '*', Condition: value },
      ]),
    ),
    fc
      .dictionary(operator, fc.dictionary(fc.string(), orList(fc.string())))
      .map((Condition) => policy([{ Effect: 'Allow', Principal: '*', Action: '*', Condition }])),
  );

  fc.assert(
    fc.property(odd, request, (text, of) => {
      expect(['allowed', 'denied', 'cannot-tell']).toContain(decide(text, of).decision);
    }),
    many,
  );
});
