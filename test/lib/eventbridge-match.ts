/**
 * Matches an event with an EventBridge pattern as the service does: exact values, prefix, suffix, equals-ignore-case (also in a
 * prefix), wildcard, anything-but, exists, nested objects, lists, `$or`. What it does not know it refuses.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: unknown, event: unknown): boolean {
  // Of a list of objects one must satisfy the whole pattern.
  if (Array.isArray(event)) return event.some((one) => matches(pattern, one));
  if (!isObject(event) || !isObject(pattern)) return false;
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === '$or' && Array.isArray(wanted)) {
      if (wanted.length < 2) throw new Error('$or needs two alternatives or more');
      return wanted.some((one) => matches(one, event));
    }
    const value = event[name];
    if (!Array.isArray(wanted)) return matches(wanted, value);
    const found = value === undefined ? [] : leaves(value);
    return wanted.some((one) =>
      isObject(one) && one['exists'] === false
        ? found.length === 0
        : found.some((leaf) => accepts(one, leaf)),
    );
  });
}

function accepts(wanted: unknown, value: unknown): boolean {
  if (!isObject(wanted)) return wanted === value;
  const [[operator, operand] = ['', undefined], ...others] = Object.entries(wanted);
  if (others.length > 0) throw new Error('one operator only');
  const text = typeof value === 'string' ? value : undefined;
  switch (operator) {
    case 'exists':
      return operand === true;
    case 'anything-but':
      return ![operand].flat().some((one) => accepts(one, value));
    case 'equals-ignore-case':
      return text?.toLowerCase() === String(operand).toLowerCase();
    case 'prefix':
      return isObject(operand)
        ? text?.toLowerCase().startsWith(String(operand['equals-ignore-case']).toLowerCase()) === true
        : text?.startsWith(String(operand)) === true;
    case 'suffix':
      return text?.endsWith(String(operand)) === true;
    case 'wildcard':
      return text !== undefined && wildcard(String(operand)).test(text);
    default:
      throw new Error(`unknown operator ${operator}`);
  }
}

/** `*` stands for anything, `\` takes what follows as it is. */
function wildcard(text: string): RegExp {
  const parts = text.match(/\\.|[\s\S]/g) ?? [];
  if (parts.some((part, at) => part === '*' && parts[at + 1] === '*'))
    throw new Error('consecutive wildcard characters');
  const source = parts.map((part) => (part === '*' ? '.*' : literal(part.replace(/^\\(?=.)/, ''))));
  return new RegExp(`^${source.join('')}$`, 's');
}

const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\*]/g, '\\$&');

const leaves = (value: unknown): unknown[] =>
  Array.isArray(value) ? value.flatMap(leaves) : isObject(value) ? [] : [value];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
