import type { Diagnosis } from '../../lambda/model/diagnosis.ts';

/** What somebody may have written into a name, a tag or an error text. */
export const hostileText =
  '</title></style></script>"\'><script>window.pwned=1</script><img src=x onerror="window.pwned=1"><a href="javascript:window.pwned=1">\u202e\u0000`&lt;`';

/** Fields that hold one of our own words, and the ARNs that `event.ts` has checked. */
const ours = ['verdict', 'is', 'status', 'certainty', 'step', 'addresses', 'conclusion', 'check', 'taskArn'];

/** The same diagnosis with a hostile text in every field that can hold what came from outside. */
export const hostile = (diagnosis: Diagnosis): Diagnosis => poisoned(diagnosis, '') as Diagnosis;

function poisoned(value: unknown, key: string): unknown {
  if (ours.includes(key)) return value;
  if (typeof value === 'string') return `${value}${hostileText}`;
  if (Array.isArray(value)) return value.map((one) => poisoned(one, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one, name)]));
  return value;
}
