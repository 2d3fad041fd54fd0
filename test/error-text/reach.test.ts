import { expect, test } from '@jest/globals';
import { reachIn } from '../../lambda/error-text/reach.ts';

const layer = 'failed to extract layer sha256:0a1b: context canceled';
const inVain = 'dial tcp 52.95.115.9:443: i/o timeout';

test.each<[string, number | undefined, string | undefined]>([
  [layer, undefined, 'answer'],
  ['unexpected status: 503', 503, 'answer'],
  ['tls: failed to verify certificate: x509: it is for another name', undefined, 'end'],
  ['read tcp 10.0.1.5:41230->52.95.115.9:443: read: connection reset by peer', undefined, 'end'],
  [inVain, undefined, undefined],
  // Of several connections one that nobody answered counts.
  [`${layer}; ${inVain}`, undefined, undefined],
  [`unexpected status: 503; ${inVain}`, 503, undefined],
])('how far a connection got: %s', (text, status, reached) => {
  expect(reachIn(text, status)).toBe(reached);
});
