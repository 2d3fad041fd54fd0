import { ECSClient } from '@aws-sdk/client-ecs';
import { awsReader, type Read } from '../lambda/aws/api.ts';
import type { CallFailed } from '../lambda/aws/call-failed.ts';
import { UsageError } from './usage-error.ts';

interface Wish {
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** Milliseconds for all calls together, where there are more than one diagnosis needs. */
  readonly budget?: number;
  /** Shows what is waited for. */
  readonly show: (text: string) => void;
}

/** What is read through. */
export interface Account {
  readonly read: Read;
  readonly region: string;
  /** Whose credentials are used, if the user has named a profile. */
  readonly profile?: string | undefined;
  /** Throws if AWS answered no call at all. */
  mustHaveAnswered(): void;
}

/** A reader with the user's own credentials, as the AWS CLI would find them. */
export async function connect({ region, profile, budget, show }: Wish): Promise<Account> {
  const where = await regionFrom(region, profile);
  const named = profile ?? process.env['AWS_PROFILE'];
  const waiting = new Map<string, number>();
  const failures: CallFailed[] = [];
  let answers = 0;
  const read = awsReader({
    region: where,
    ...(profile === undefined ? {} : { profile }),
    ...(budget === undefined ? {} : { budget }),
    onCall: (action, state, failure) => {
      waiting.set(action, (waiting.get(action) ?? 0) + (state === 'sent' ? 1 : -1));
      if (state === 'answered') answers += 1;
      if (failure) failures.push(failure);
      const open = [...waiting].flatMap(([name, count]) => (count > 0 ? [name] : []));
      show(
        `${answers + failures.length} calls answered; waiting for ${open.slice(0, 3).join(', ')}${open.length > 3 ? ` and ${open.length - 3} more` : ''}`,
      );
    },
  });
  return {
    read,
    region: where,
    profile: named,
    mustHaveAnswered: () => {
      // Who is refused has reached AWS: the report then names what to allow.
      if (answers === 0 && !failures.some(({ why }) => why === 'refused'))
        throw new UsageError(noAnswer(failures, where, named));
    },
  };
}

async function regionFrom(given: string | undefined, profile: string | undefined): Promise<string> {
  const named = given ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (named) {
    if (!/^[a-z]{2,6}(?:-[a-z]+)+-\d+$/.test(named))
      throw new UsageError(`'${named}' is not the name of an AWS Region; it should look like eu-west-1`);
    return named;
  }
  try {
    return await new ECSClient(profile === undefined ? {} : { profile }).config.region();
  } catch (error) {
    throw new UsageError(
      'no AWS Region is set: give --region, or set AWS_REGION, or the region of the profile',
      { cause: error },
    );
  }
}

/** Why no call at all was answered: what the user can do about it. */
export function noAnswer(failures: readonly CallFailed[], region: string, profile?: string): string {
  const [first] = failures;
  const said = first?.cause instanceof Error ? first.cause.message.split('\n')[0] : '';
  switch (first?.code) {
    case 'CredentialsProviderError':
      return profile === undefined
        ? `no AWS credentials were found: set AWS_PROFILE, give --profile, or log in (${said})`
        : `the profile '${profile}' gives no AWS credentials: look at aws configure list-profiles, or log in (${said})`;
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'RequestExpired':
      return 'the AWS credentials have expired: log in again';
    case 'InvalidClientTokenId':
    case 'UnrecognizedClientException':
    case 'AuthFailure':
    case 'SignatureDoesNotMatch':
    case 'InvalidSignatureException':
      return `AWS does not accept the credentials (${first.code}): check the profile, the Region ${region} and the clock of this machine`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ECONNREFUSED':
    case 'Error':
    case 'TimeoutError':
      return `AWS could not be reached in ${region} (${said || first.code}): check the network, the name of the Region and AWS_ENDPOINT_URL`;
    case 'UnreadableAnswer':
      return `what answered in ${region} is not AWS (${said || first.code}): check AWS_ENDPOINT_URL and the proxies of this network`;
    default:
      return first
        ? `AWS gave no usable answer: ${first.action} failed with ${first.code}${said ? ` (${said})` : ''}`
        : 'no call was made';
  }
}
