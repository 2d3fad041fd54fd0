import type { NoAnswer, NotChecked } from '../../lambda/registry/answer.ts';
import type { Answered, RegistryCall, Request } from '../../lambda/registry/request.ts';

type Reply = Partial<Answered> | NotChecked | NoAnswer;

/** A registry without a network: answers by a function, and remembers what it was asked. */
export function standIn(answer: (call: RegistryCall) => Reply): {
  readonly request: Request;
  readonly calls: readonly RegistryCall[];
} {
  const calls: RegistryCall[] = [];
  return {
    calls,
    request: async (call) => {
      calls.push(call);
      const reply = answer(call);
      return reply.status === 'not-checked' || reply.status === 'no-answer' ? reply : { ...empty, ...reply };
    },
  };
}

const empty: Answered = {
  status: 'answered',
  httpStatus: 200,
  mediaType: null,
  digest: null,
  challenge: null,
  body: '',
};

/** A registry that gives a token to anybody and answers whoever has it. */
export const openRegistry = (challenge: string, manifest: Partial<Answered>) =>
  standIn(({ method, token }) =>
    method === 'GET'
      ? { body: JSON.stringify({ token: anonymousToken }) }
      : token === anonymousToken
        ? manifest
        : { httpStatus: 401, challenge },
  );

export const anonymousToken = 'eyJhbGciOi.anonymous-t0ken_~+/==';

export const challenges = {
  'docker.io':
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull"',
  'ghcr.io': 'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:acme/app:pull"',
  'quay.io': 'Bearer realm="https://quay.io/v2/auth",service="quay.io",scope=repository:acme/app:pull',
  'public.ecr.aws': 'Bearer realm="https://public.ecr.aws/token/",service="public.ecr.aws",scope="aws"',
};

export const digest = `sha256:${'0a'.repeat(32)}`;
