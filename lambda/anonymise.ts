import ipaddr from 'ipaddr.js';
import type { Snapshot } from './model/facts.ts';
import { prefixLength } from './network/cidr.ts';

/**
 * The same snapshot with other account ids, names, resource ids and addresses. Relations stay: what was equal is equal, what lay
 * in a block lies in it, so that the diagnosis is the same. `key` is random and is thrown away.
 */
export function anonymise(snapshot: Snapshot, key: number): Snapshot {
  const text = JSON.stringify(snapshot);
  const others = renaming(snapshot, text, key);
  return JSON.parse(
    text
      .replace(/\b(\d{1,3}(?:\.\d{1,3}){3})(\/\d{1,2})?\b/g, (all, address: string, length = '') =>
        movedAddress(all, address, length, key),
      )
      .replace(/(?<![\w.])[\w][\w./-]*/g, (word) => renamed(word, others)),
  ) as Snapshot;
}

/** Names and ids, each with what stands for it. */
function renaming(
  { facts: { task, service, pullingRole, taskDefinition, images } }: Snapshot,
  text: string,
  key: number,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const name = (kind: string, real: string | null | undefined) => {
    if (real && real.length > 1 && !names.has(real) && !keep.has(real))
      names.set(real, `${kind}-${names.size + 1}`);
  };
  let number = 100_000_000_000 + (key % 1_000) * 1_000_000;
  for (const [account] of text.matchAll(/(?<!\d|sha256:[0-9a-f]*)\d{12}(?!\d)/g))
    if (!names.has(account)) names.set(account, String(number++));
  for (const [id, kind] of text.matchAll(/\b([a-z]{1,12})-[0-9a-f]{8,17}\b/g))
    if (!names.has(id)) names.set(id, `${kind}-${(0xa000_0000 + names.size).toString(16)}`);
  const { clusterArn, group, taskArn } = task.value;
  name('cluster', clusterArn.split('/').at(-1));
  name('task', taskArn.split('/').at(-1));
  name('group', group?.replace(/^\w+:/, ''));
  if (service.status === 'known') name('service', service.value?.serviceName);
  if (pullingRole.status === 'known') name('role', pullingRole.value?.roleArn.split('/').at(-1));
  if (taskDefinition.status === 'known')
    name('family', taskDefinition.value?.taskDefinitionArn.split('/').at(-1)?.replace(/:\d+$/, ''));
  for (const container of task.value.containers) name('container', container.name);
  if (images.status === 'known')
    for (const { repository, ecr, tag } of images.value) {
      if (ecr) for (const part of repository.split('/')) name('repository', part);
      if (ecr && tag !== 'latest') name('tag', tag);
    }
  return names;
}

/** Words that mean something to the checks, and tell nothing about anybody. */
const keep = new Set([
  'latest',
  'default',
  'service',
  'family',
  'task',
  'repository',
  'role',
  'cluster',
  'arn',
  'aws',
  'ecr',
  'ecs',
  'known',
  'unknown',
  'status',
  'value',
  'name',
  'web',
  'app',
  'main',
]);

/** Replaces a word as a whole, or the parts of it that a slash, a dot or a colon separate. */
function renamed(word: string, names: ReadonlyMap<string, string>): string {
  const whole = names.get(word);
  if (whole) return whole;
  return word
    .split(/([/.])/)
    .map((part) => names.get(part) ?? part)
    .join('');
}

/** The leading bits of ranges that mean something: they stay, so that a private address stays private. */
const ranges: readonly (readonly [string, number])[] = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 32],
  ['127.0.0.0', 32],
];

function movedAddress(all: string, address: string, length: string, key: number): string {
  if (!ipaddr.IPv4.isValid(address)) return all;
  const bits = length ? Number(length.slice(1)) : 32;
  const kept =
    ranges.find(
      ([range, width]) =>
        prefixLength(`${range}/${width}`) === width &&
        ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parse(range), Math.min(width, 16) === width ? width : 8),
    )?.[1] ?? 8;
  // The last byte stays: the Amazon DNS server is known by it. Exclusive or keeps every "lies in".
  const mask = bits <= kept ? 0 : ((0xffff_ff00 >>> kept) << 0) & 0xffff_ff00;
  const moved = (toNumber(address) ^ (key & mask & (kept >= 32 ? 0 : 0xffff_ffff >>> kept))) >>> 0;
  const block = bits === 0 ? 0 : (moved & (0xffff_ffff << (32 - bits))) >>> 0;
  return `${toText(length ? block : moved)}${length}`;
}

const toNumber = (address: string) => address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
const toText = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
