import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** The addresses of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** `code` of the error for a name that leads to an address that is not public. */
export const addressNotPublic = 'ADDRESS_NOT_PUBLIC';

/**
 * How a socket learns the addresses of a name: resolved once, all of them checked, and these handed over. A name whose
 * answer changes between the check and the connection (DNS rebinding) gains nothing. `dial` is for tests.
 */
export const checkedLookup =
  (resolve: Resolve, dial: (address: string) => string = (address) => address): LookupFunction =>
  (host, options, give) => {
    const fail = (code: string) => give(Object.assign(new Error(`${host}: ${code}`), { code }), []);
    resolve(host).then(
      (addresses) => {
        if (addresses.length === 0) return fail('ENOTFOUND');
        // One such address among others is no accident.
        if (!addresses.every(isPublicAddress)) return fail(addressNotPublic);
        const checked = addresses.slice(0, most).map(dial);
        const [first = ''] = checked;
        if (options.all)
          return give(
            null,
            checked.map((address) => ({ address, family: isIP(address) })),
          );
        return give(null, first, isIP(first));
      },
      (error: NodeJS.ErrnoException) => fail(error.code ?? 'ENOTFOUND'),
    );
  };

/** A socket tries one after the other: more would only take time. */
const most = 8;
