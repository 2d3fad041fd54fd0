import type { Principals, Statement } from './document.ts';
import type { PolicyRequest, Principal } from './request.ts';
import { not, some, type Truth, unclear } from './truth.ts';

/**
 * Whether a statement is about the principal of a request.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function concerns(
  { principals, effect }: Statement,
  { principal, gatewayEndpoint = false, alone = false }: PolicyRequest,
): Truth {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
  const accountCounts = !gatewayEndpoint && !(alone && effect === 'Allow');
  if (!principals.not) return listed(principals.list, principal, gatewayEndpoint, accountCounts);

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
  if (effect === 'Allow') return unclear('AWS does not support `NotPrincipal` with `Allow`');
  const exempt = listed(principals.list, principal, false, true);
  if ((principal.kind === 'role' || principal.kind === 'unknown') && exempt === true)
    return unclear(
      '`NotPrincipal` exempts a role only with its account and its session, and never one that has a boundary',
    );
  return not(exempt);
}

function listed(
  list: Principals,
  principal: Principal,
  gatewayEndpoint: boolean,
  accountCounts: boolean,
): Truth {
  if (list === '*') return true;
  return some(
    list.flatMap(([type, values]) =>
      values.map((value) => {
        switch (type) {
          case 'AWS':
            return isAws(value, principal, gatewayEndpoint, accountCounts);
          case 'Service':
            return isService(value, principal);
          case 'Federated':
            return principal.kind === 'unknown' ? whoIsUnknown : false;
          case 'CanonicalUser':
            return principal.kind === 'service'
              ? false
              : unclear(`whom the canonical user \`${value}\` means is not known`);
          default:
            return unclear(`the type of principal \`${type}\` is not known`);
        }
      }),
    ),
  );
}

const whoIsUnknown = unclear('who makes the request is not known');

function isAws(value: string, principal: Principal, gatewayEndpoint: boolean, accountCounts: boolean): Truth {
  if (value === '*')
    return principal.kind === 'service'
      ? unclear('whether `{"AWS": "*"}` means services too is not documented')
      : true;
  if (principal.kind === 'service') return false;
  if (principal.kind === 'unknown') return whoIsUnknown;
  const account = /^(?:\d+|arn:[^:]*:iam::(\d+):root)$/.exec(value);
  if (account) {
    // https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html: there it is the root user alone.
    if (!accountCounts) return false;
    return isOf(account[1] ?? value, principal);
  }
  if (/^A[A-Z]{3}[A-Z0-9]{8,}$/.test(value))
    return value.startsWith('AIDA') && principal.kind === 'role' // the id of a user
      ? false
      : unclear(`AWS shows an id such as \`${value}\` where the role that was meant is deleted`);
  const [scheme, , , , accountId = '', ...rest] = value.split(':');
  if (scheme !== 'arn' || rest.length === 0) return unclear(`\`${value}\` is no principal`);
  const sameAccount = isOf(accountId, principal);
  if (principal.kind === 'foreign' || sameAccount === false) return sameAccount;
  return isRole(value, rest.join(':'), principal, gatewayEndpoint);
}

function isRole(
  value: string,
  name: string,
  { arn }: Principal & { kind: 'role' },
  gatewayEndpoint: boolean,
): Truth {
  if (/[*?]/.test(value))
    return unclear(`in \`${value}\` a wildcard stands for a part of a principal, which IAM does not support`);
  // A session has the name of its role, without the path.
  if (name.startsWith(`assumed-role/${arn.split('/').at(-1)}/`))
    return unclear(`\`${value}\` is one session of the role, and the name of ours is not known`);
  if (value !== arn) return false;
  return gatewayEndpoint ? unclear('in the policy of a gateway endpoint the principal must be `*`') : true;
}

function isOf(accountId: string, principal: Principal & { kind: 'role' | 'foreign' }): Truth {
  if (/[*?]/.test(accountId)) return unclear(`an account \`${accountId}\` with a wildcard is not supported`);
  if (principal.kind === 'role') return accountId === principal.accountId;
  return principal.notAccountIds?.includes(accountId)
    ? false
    : unclear(`whether the caller is of account \`${accountId}\` is not known`);
}

function isService(value: string, principal: Principal): Truth {
  if (principal.kind !== 'service') return false;
  if (value === principal.service) return true;
  // Some services have names for single Regions or partitions as well.
  const sameService = value.split('.')[0] === principal.service.split('.')[0];
  return sameService || /[*?]/.test(value)
    ? unclear(`whether \`${value}\` means \`${principal.service}\` is not known`)
    : false;
}
