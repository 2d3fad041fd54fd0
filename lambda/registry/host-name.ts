/**
 * Whether a text is the name of a host on the internet, in lower case: two labels or more, no address in any notation, no
 * port, no name that only a private network knows. https://www.rfc-editor.org/rfc/rfc1123#section-2.1
 */
export function isHostName(text: string): boolean {
  if (text.length > longest) return false;
  const labels = text.split('.');
  const last = labels.at(-1) ?? '';
  return (
    labels.length >= 2 &&
    labels.every((label) => isLabel.test(label) && !isEncoded.test(label)) &&
    // URL parsers read a name whose last label is a number (`1`, `0x7f`) as an IPv4 address.
    /^[a-z]{2,63}$/.test(last) &&
    !specialUse.has(last)
  );
}

// https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
const longest = 253;
const isLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// `xn--` and its like stand for other letters, which may look like those of a registry. https://www.rfc-editor.org/rfc/rfc5890#section-2.3.1
const isEncoded = /^..--/;
// https://www.iana.org/assignments/special-use-domain-names/, and `internal`, which ICANN keeps for private networks.
const specialUse = new Set([
  'alt',
  'arpa',
  'example',
  'internal',
  'invalid',
  'local',
  'localhost',
  'onion',
  'test',
]);
