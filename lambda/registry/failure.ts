import { type NoAnswer, type NotChecked, noAnswer, notChecked } from './answer.ts';
import { addressNotPublic } from './checked-lookup.ts';

/** What a failed request to a host tells, in our words: the error's own may quote the other side. */
export function failureOf(error: NodeJS.ErrnoException, host: string): NotChecked | NoAnswer {
  const code = error.code ?? '';
  if (code === addressNotPublic) return notChecked(`\`${host}\` leads to an address that is not public`);
  if (code === 'ABORT_ERR') return noAnswer(`\`${host}\` did not answer in time`);
  if (code === 'HPE_HEADER_OVERFLOW') return noAnswer(`\`${host}\` answered with headers that are too large`);
  if (['ENOTFOUND', 'ENODATA', 'EAI_AGAIN'].includes(code))
    return noAnswer(`the name \`${host}\` could not be resolved`);
  if (isAboutCertificate.test(code)) return noAnswer(`the certificate of \`${host}\` is not trusted`);
  return noAnswer(`the connection to \`${host}\` failed${isCode.test(code) ? ` (${code})` : ''}`);
}

// https://nodejs.org/api/tls.html#x509-certificate-error-codes
const isAboutCertificate =
  /CERT|^SELF_SIGNED|^UNABLE_TO|^CRL_|^INVALID_(?:CA|PURPOSE)$|^PATH_LENGTH_EXCEEDED$|^HOSTNAME_MISMATCH$/;
const isCode = /^[A-Z][A-Z0-9_]{2,40}$/;
