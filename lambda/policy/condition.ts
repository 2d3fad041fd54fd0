import { comparisons } from './comparisons.ts';
import type { Condition } from './document.ts';
import type { Lookup, Values } from './request.ts';
import { every, not, some, type Truth, unclear } from './truth.ts';

/**
 * Whether a request meets a `Condition` element: every key of every operator must, and one of the values of a key is enough.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export const meets = (condition: Condition, lookup: Lookup, variables: boolean): Truth =>
  every(
    condition.flatMap(([operator, keys]) =>
      keys.map(([key, wanted]) => test(operator, key, wanted, lookup, variables ? lookup : null)),
    ),
  );

const negations: ReadonlyMap<string, string> = new Map([
  ['StringNotEquals', 'StringEquals'],
  ['StringNotEqualsIgnoreCase', 'StringEqualsIgnoreCase'],
  ['StringNotLike', 'StringLike'],
  ['ArnNotEquals', 'ArnEquals'],
  ['ArnNotLike', 'ArnLike'],
  ['NotIpAddress', 'IpAddress'],
  ['NumericNotEquals', 'NumericEquals'],
  ['DateNotEquals', 'DateEquals'],
]);

function test(
  operator: string,
  key: string,
  wanted: readonly string[],
  lookup: Lookup,
  variables: Lookup | null,
): Truth {
  const known = lookup(key);
  if (known === 'unknown') return notKnown(key);
  if (known === 'absent' || !('oneOf' in known || 'between' in known))
    return answer(operator, key, wanted, known, variables);
  // Any other comparison may hold in between, and not at the ends.
  if (
    'between' in known &&
    !/^(?:Null|(?:Date|Numeric)(?:Less|Greater)Than(?:Equals)?(?:IfExists)?)$/.test(operator)
  )
    return notKnown(key);
  const possible: readonly Values[] = 'between' in known ? known.between.map((end) => [end]) : known.oneOf;
  const answers = possible.map((values) => answer(operator, key, wanted, values, variables));
  const [first = notKnown(key)] = answers;
  return answers.every((one) => one === first) ? first : notKnown(key);
}

function answer(
  operator: string,
  key: string,
  wanted: readonly string[],
  actual: Values,
  variables: Lookup | null,
): Truth {
  if (operator === 'Null') return isNull(wanted, actual);
  const [, set, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/s.exec(operator) ?? [];
  const positive = negations.get(name);
  const compare = comparisons.get(positive ?? name);
  if (!compare) return unclear(`the condition operator \`${operator}\` is not known`);
  if (actual === 'absent') {
    // The documentation of `IfExists` and that of `ForAnyValue` contradict each other here.
    if (set === 'ForAnyValue' && ifExists)
      return unclear(`what \`${operator}\` means without \`${key}\` is not documented`);
    if (set === 'ForAnyValue') return false;
    if (set === 'ForAllValues' || ifExists) return true;
    return positive !== undefined;
  }
  const answers = actual.map((value) => {
    const met = some(wanted.map((one) => compare(one, value, variables)));
    return positive === undefined ? met : not(met);
  });
  if (set === 'ForAllValues') return every(answers);
  if (set === 'ForAnyValue') return some(answers);
  // What an operator for one value does with several is not documented, except where it makes no difference.
  const [first = false] = answers;
  return answers.every((one) => one === first)
    ? first
    : (answers.find((one) => typeof one !== 'boolean') ?? unclear(`\`${key}\` has several values`));
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null */
function isNull(wanted: readonly string[], actual: Values): Truth {
  return some(
    wanted.map((one) => {
      if (!/^(?:true|false)$/i.test(one)) return unclear(`\`${one}\` is neither true nor false`);
      return (actual === 'absent') === (one.toLowerCase() === 'true');
    }),
  );
}

const notKnown = (key: string) => unclear(`\`${key}\` of the request is not known`);
