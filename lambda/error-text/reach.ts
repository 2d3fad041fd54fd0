import type { PullError } from '../model/facts.ts';

/** The text of a pattern that says that HTTP/2 ended a stream, or a connection with all its streams. */
export const streamEnded = 'stream error: stream ID|http2: (?:server sent GOAWAY|client connection|timeout)';

/**
 * What Go says of a connection that was made, or that somebody turned down, and that then came to nothing: routes, network ACLs and
 * security groups drop packets and say nothing, so none of them is why. A firewall on the way may well be. Timeouts are among them
 * only where their words say that a request was sent: AWS reads each other one as one of the network.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html#unable-to-pull-secrets-asm
 * https://go.dev/src/net/http/transport.go, https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-action.html
 */
const made = [
  'connection (?:refused|reset by peer)|broken pipe|use of closed network connection',
  'tls: bad record',
  String.raw`https?://[^\s"]+"?: (?:unexpected )?EOF`,
  streamEnded,
  'timeout awaiting response headers|while reading body',
].join('|');

/** Words about the way to an address or to a DNS server, whatever else stands beside them. */
const silent = String.raw`\blookup \S|read udp|proxyconnect|read unix|\.sock\b|waiting for connection|dial (?:tcp|udp)\d?[^"]{0,80}?: (?:connect: )?(?:i/o timeout|connection timed out|network is unreachable|no route to host|operation )`;

/** The text of a pattern that says that the connection was made, and ended before what was asked for had come. */
export const ended = `^(?!.*(?:${silent})).*(?:${made})`;

const isEnded = new RegExp(ended, 'is');
const isSilent = new RegExp(silent, 'is');
/** Somebody was there, but perhaps not who was meant: nobody answered what was asked. */
const isStranger = /x509:|failed to verify certificate|server gave HTTP response|malformed HTTP response/i;
/** A layer that is there came from somebody. */
const came = /failed to (?:extract|register) layer/i;

/** How far the failed connection got, where the text tells. */
export function reachIn(text: string, httpStatus: number | undefined): PullError['reached'] {
  if (isSilent.test(text)) return undefined;
  if (httpStatus !== undefined || came.test(text)) return 'answer';
  return isEnded.test(text) || isStranger.test(text) ? 'end' : undefined;
}
