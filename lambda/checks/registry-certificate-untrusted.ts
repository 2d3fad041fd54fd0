import { fieldReport } from '../error-text/sources.ts';
import { defineTextCheck } from './text-check.ts';

/** Something answered for the name of the registry with a certificate that the puller does not trust. */
export default defineTextCheck({
  id: 'registry-certificate-untrusted',
  cause: 'The certificate of the registry is not trusted',
  source: fieldReport('x509: certificate signed by unknown authority'),
  symptoms: ['certificate-untrusted'],
  certainty: 'proven',
  evidence: ({ host }, image) => `The certificate that \`${host ?? image}\` showed was not trusted`,
  fixes: ({ host }) => [
    {
      do: `Give \`${host ?? 'the registry'}\` a certificate of a public authority: Fargate trusts no others`,
    },
    { do: 'If a firewall or proxy inspects TLS on the way, exempt the registry from it' },
    { do: 'On EC2, add the authority to the trust store of the instance and restart Docker' },
  ],
});
