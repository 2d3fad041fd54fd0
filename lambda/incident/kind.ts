/** What a pull failed at, as far as the text tells. Coarse on purpose: texts of one incident differ, their kind does not. */
export type Kind = 'connect' | 'authorise' | 'find' | 'store' | 'other';

export const kinds: readonly Kind[] = ['connect', 'authorise', 'find', 'store', 'other'];

/** The kind of each symptom; what is not listed is `other`. A test holds the ids against the list of symptoms. */
export const symptomsOf: Readonly<Record<Exclude<Kind, 'other'>, readonly string[]>> = {
  store: [
    'no-space-left',
    'device-mapper-failed',
    'disk-failed',
    'runtime-store-damaged',
    'layer-not-unpacked',
    'corrupt-layer',
  ],
  authorise: [
    'image-key-refused',
    'kms-refused',
    'secret-refused',
    'secret-wrong',
    'ecr-action-denied',
    'role-not-assumable',
    'token-denied',
    'token-missing',
    'token-expired',
    'registry-rule',
    'registry-credentials-missing',
    'registry-credentials-malformed',
    'no-basic-auth',
    'ecr-access-denied',
    'role-lacks-permissions',
    'layer-forbidden',
    'manifest-forbidden',
    'access-denied',
    'unauthorized',
  ],
  find: [
    'platform-mismatch',
    'image-format',
    'invalid-reference',
    'unknown-registry-host',
    'pull-access-denied',
    'repository-not-found',
    'digest-not-found',
    'digest-forbidden',
    'image-not-found',
    'layer-not-found',
    'image-exists',
  ],
  connect: [
    'name-not-resolved',
    'proxy-failed',
    'certificate-untrusted',
    'pull-timed-out',
    'stream-ended',
    'connection-ended',
    'layer-connection-failed',
    'token-connection-failed',
    'secrets-connection-failed',
    'registry-connection-issue',
    'connection-failed',
    'network-to-check',
    'context-canceled',
    'layer-download-failed',
  ],
};

/** The kind of a failure, from the symptom that says most about it. */
export function kindOf(symptom: string | undefined): Kind {
  const kinds = Object.entries(symptomsOf) as [Kind, readonly string[]][];
  return kinds.find(([, ids]) => symptom !== undefined && ids.includes(symptom))?.[0] ?? 'other';
}
