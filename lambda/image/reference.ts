import type { EcrRegistry, ImageReference } from '../model/facts.ts';

/**
 * An image reference, read as the container runtimes read it: without a host it means Docker Hub, a digest wins over a tag.
 * A text that is no reference says why in `invalid`. Each part is matched by itself, so that no text takes long to read.
 * https://github.com/distribution/reference
 */
export function parseImageReference(text: string, container: string | null = null): ImageReference {
  const invalid = (why: string): ImageReference => ({
    text,
    container,
    registry: null,
    repository: '',
    tag: null,
    digest: null,
    ecr: null,
    invalid: why,
  });
  if (text.length > longest) return invalid(`it is longer than ${longest} characters`);
  if (/^[0-9a-f]{64}$/.test(text)) return invalid('64 hexadecimal characters alone are the id of an image');
  if (/^[a-z]+:\/\//i.test(text))
    return invalid('it begins like a URL; the host comes first, without `https://`');

  const at = text.indexOf('@');
  const digest = at < 0 ? null : text.slice(at + 1);
  if (digest !== null && !digestPattern.test(digest))
    return invalid('the digest is not of the form `sha256:<64 hexadecimal digits>`');
  const named = at < 0 ? text : text.slice(0, at);
  const { domain, rest } = splitDomain(named);
  // The port of a host stands before a slash, so the last colon after the last slash begins the tag.
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
  const tag = colon < 0 ? null : rest.slice(colon + 1);
  const path = colon < 0 ? rest : rest.slice(0, colon);

  if (!domainPattern.test(domain)) return invalid(`\`${domain.slice(0, 80)}\` is no host`);
  if (path === '') return invalid('it names no repository');
  if (path !== path.toLowerCase()) return invalid('the repository must be in lower case');
  const wrong = path.split('/').find((part) => !isPathComponent(part));
  if (wrong !== undefined)
    return invalid(
      wrong === ''
        ? 'the repository has an empty part'
        : `\`${wrong.slice(0, 80)}\` is no part of a repository name`,
    );
  if (tag !== null && !/^\w[\w.-]{0,127}$/.test(tag))
    return invalid(
      tag === '' ? 'the tag is empty' : 'the tag has characters that a tag cannot have, or more than 128',
    );

  const repository = domain === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  return {
    text,
    container,
    registry: domain,
    repository,
    // The runtimes ignore a tag beside a digest.
    tag: tag ?? (digest ? null : 'latest'),
    digest,
    ecr: ecrRegistry(domain),
    invalid: null,
  };
}

/** Amazon ECS takes 255 characters before a digest; https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
const longest = 1_024;

const digestPattern = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-f]{32,}$/i;
const domainPattern = /^(?:\[[0-9a-f:.]+\]|[a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::\d{1,5})?$/i;

/** Letters and digits, joined by one dot, one or two underscores, or any number of hyphens. */
const isPathComponent = (part: string) =>
  /^[a-z0-9]/.test(part) &&
  /[a-z0-9]$/.test(part) &&
  /^[a-z0-9._-]+$/.test(part) &&
  !/\.\.|___|\._|_\.|-[._]|[._]-/.test(part);

/** The part before the first slash is a host only if it has a dot, a colon or an upper-case letter, or is `localhost`. */
function splitDomain(text: string): { domain: string; rest: string } {
  const slash = text.indexOf('/');
  const first = slash < 0 ? '' : text.slice(0, slash);
  const isHost = first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase();
  if (!isHost) return { domain: 'docker.io', rest: text };
  return { domain: first === 'index.docker.io' ? 'docker.io' : first, rest: text.slice(slash + 1) };
}

/**
 * The account and Region of an Amazon ECR private registry, from its host, in every partition, FIPS and dual-stack included.
 * https://docs.aws.amazon.com/general/latest/gr/ecr.html
 */
export function ecrRegistry(host: string): EcrRegistry | null {
  const match =
    /^(\d{12})\.(?:dkr\.ecr(-fips)?\.([a-z]{2,4}(?:-[a-z]+)+-\d{1,2})\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)|dkr-ecr(-fips)?\.([a-z]{2,4}(?:-[a-z]+)+-\d{1,2})\.on\.(?:aws|amazonwebservices\.com\.cn))$/.exec(
      host,
    );
  if (!match) return null;
  const [, accountId = '', fips, region, fipsDualStack, regionDualStack] = match;
  return {
    accountId,
    region: region ?? regionDualStack ?? '',
    fips: Boolean(fips ?? fipsDualStack),
    dualStack: regionDualStack !== undefined,
  };
}

/** The reference without its tag and digest. */
export const nameOf = (text: string): string => text.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
