import { command, longestCommand, type Words } from '../command.ts';
import type { CdkCode, Command, Fix } from '../model/check.ts';
import { type Allowance, amended, statementFor } from '../policy/amend.ts';
import { type PolicyRequest, sidesOf } from '../policy/decide.ts';

interface PolicyToChange {
  /** The policy, as a report names it. */
  readonly name: string;
  /** Who must get through, as a report names it. */
  readonly to: string;
  /** Whom the statement lets through, as a report names it, where those are more. */
  readonly grantee?: string;
  /** JSON text; `null`: there is none. Absent: it could not be read. */
  readonly policy?: string | null;
  readonly allowance: Allowance;
  readonly requests: readonly PolicyRequest[];
  /** The command that shows the policy. */
  readonly read: Command;
  /** The command that writes it, up to the document. */
  readonly write: Words;
  /** CDK code that adds a statement. */
  readonly cdk: (statement: object) => CdkCode;
  /** Others may allow it in place of this policy, which must only not deny it. */
  readonly othersAllow?: boolean;
}

/** Longer documents fit into no message; they are better changed in an editor. */
const longestDocument = 900;

/**
 * How to let the pull through the policy of a resource. Calls that write a policy replace it whole: what else stands in it is
 * written again, or the reader is asked to add to it. A statement that denies is outweighed by none that allows.
 */
export function policyFix(change: PolicyToChange): Fix {
  const { name, to, grantee = to, policy, allowance, requests, read, write, cdk, othersAllow } = change;
  const sides = requests.map((request) => ({
    action: request.action,
    ...sidesOf(policy ?? '', request),
  }));
  const denials = [...new Set(sides.flatMap(({ deniedBy }) => deniedBy))];
  if (denials.length > 0) {
    const denied = sides.filter(({ deniedBy }) => deniedBy.length > 0).map(({ action }) => action);
    const change = `Change ${denials.join(' and ')} in ${name}, so that ${denials.length > 1 ? 'they no longer deny' : 'it no longer denies'} ${named(denied)} to ${to}`;
    // What is no longer denied is not allowed by that.
    return othersAllow || sides.every(({ allows }) => allows !== false)
      ? { do: change, cli: read }
      : { do: `${change}, and add \`${inJson(allowance)}\``, cli: read, cdk: cdk(statementFor(allowance)) };
  }
  const document = policy === undefined ? null : amended(policy, allowance, requests);
  const written = document && writing(write, document);
  if (written)
    return {
      do: `Allow ${named([allowance.Action].flat())} to ${grantee} in ${name}${policy ? '. The command keeps what stands in it' : ''}`,
      cli: written,
      cdk: cdk(statementFor(allowance)),
    };
  return {
    do: `Add to ${name}, beside what stands in it: \`${inJson(allowance)}\``,
    cli: read,
    cdk: cdk(statementFor(allowance)),
  };
}

/** The command that writes a document, or `null` where a report would not show it whole and unchanged. */
export function writing(write: Words, document: string): Command | null {
  const written = command`${write} ${document}`;
  return document.length <= longestDocument &&
    written.length <= longestCommand &&
    // A report shows one line of plain characters.
    /^(?:[!-_a-~]| (?! ))*$/.test(document)
    ? written
    : null;
}

const named = (actions: readonly string[]) => [...new Set(actions)].map((one) => `\`${one}\``).join(' and ');
const inJson = (allowance: Allowance) => JSON.stringify(statementFor(allowance));
