import * as v from 'valibot';

/**
 * The token in the answer of a token service, or `null` if there is none that may stand in a header.
 * https://distribution.github.io/distribution/spec/auth/token/#token-response-fields
 */
export function tokenIn(body: string): string | null {
  const answer = v.safeParse(answerSchema, body);
  return answer.success ? (answer.output.token ?? answer.output.access_token ?? null) : null;
}

/** A registry would refuse a header of more. */
const longest = 16_384;

// https://www.rfc-editor.org/rfc/rfc6750#section-2.1
const bearer = v.nullish(v.pipe(v.string(), v.maxLength(longest), v.regex(/^[\w.~+/-]+=*$/)));
const answerSchema = v.pipe(v.string(), v.parseJson(), v.object({ token: bearer, access_token: bearer }));
