import { Token } from 'aws-cdk-lib';
import { isHostName } from '../lambda/registry/host-name.ts';
import { Remediation } from './remediation.ts';

/** Throws unless the text is one e-mail address. */
export function mustBeEmail(email: string): void {
  if (Token.isUnresolved(email)) return;
  if (email.length > 254 || !/^[^\s@,;<>"']+@[^\s@,;<>"']+\.[^\s@,;<>"'.]{2,}$/.test(email))
    throw new Error(
      `email ${shown(email)} is not an e-mail address; give one that looks like ops@example.com`,
    );
}

/** Throws unless both ids of Slack are given, and look like ids. */
export function mustBeSlack(workspaceId: string | undefined, channelId: string | undefined): void {
  if (workspaceId === undefined)
    throw new Error(
      'slackWorkspace is missing: a slackChannel needs the id of its workspace, which looks like T0123ABCDEF',
    );
  if (channelId === undefined)
    throw new Error(
      'slackChannel is missing: a slackWorkspace needs the id of a channel, which looks like C0123ABCDEF',
    );
  if (!Token.isUnresolved(workspaceId) && !/^T[0-9A-Z]{4,20}$/.test(workspaceId))
    throw new Error(
      `slackWorkspace ${shown(workspaceId)} is not the id of a Slack workspace; it looks like T0123ABCDEF, and is the first part after app.slack.com/client/ in a browser`,
    );
  // Channels that were once private groups have an id with a G.
  if (!Token.isUnresolved(channelId) && !/^[CG][0-9A-Z]{4,20}$/.test(channelId))
    throw new Error(
      `slackChannel ${shown(channelId)} is not the id of a Slack channel; it looks like C0123ABCDEF (not #name), and stands at the end of the channel's link`,
    );
}

/** Throws unless the text is the name of an ECS cluster. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html */
export function mustBeClusterName(name: string): void {
  if (Token.isUnresolved(name)) return;
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name))
    throw new Error(
      `clusters contains ${shown(name)}, which is not the name of an ECS cluster; a name looks like prod-web: letters, digits, - and _, up to 255 of them, not an ARN`,
    );
}

/** Throws unless the number is a whole one above zero. */
export function mustBeCount(name: string, count: number): void {
  if (!Token.isUnresolved(count) && !(Number.isInteger(count) && count > 0))
    throw new Error(`${name} is ${count}; give a whole number from 1 on`);
}

/** Throws unless the text is the name of a host on the internet. */
export function mustBeRegistryHost(host: string): void {
  if (Token.isUnresolved(host)) return;
  if (!isHostName(host.toLowerCase()))
    throw new Error(
      `registries contains ${shown(host)}, which is not the name of a host on the internet; a name looks like registry.example.com: no https://, no port, no address`,
    );
}

/** Throws unless somebody may approve each change, or it needs nobody. */
export function mustHaveApprovers(
  remediations: readonly Remediation[],
  automatic: readonly Remediation[],
  approvers: readonly string[],
): void {
  const names = (some: readonly Remediation[]) => some.map(({ id }) => id).join(', ');
  const unnamed = automatic.filter((one) => !remediations.includes(one));
  if (unnamed.length > 0)
    throw new Error(
      `automaticRemediations has ${names(unnamed)}, which is not in remediations: name it there too`,
    );
  if (automatic.includes(Remediation.ASSIGN_PUBLIC_IP))
    throw new Error(
      'automaticRemediations has assign-public-ip, which only a person may approve: leave it out, and name approvers',
    );
  const asked = remediations.filter((one) => !automatic.includes(one));
  if (asked.length > 0 && approvers.length === 0)
    throw new Error(
      `nobody may approve ${names(asked)}: give approvers, the ARNs of IAM users or roles such as arn:aws:iam::111122223333:role/on-call`,
    );
  if (approvers.length > 0 && asked.length === 0)
    throw new Error(
      'approvers names who approves changes, and there is none to approve: name remediations that are not automatic, or leave approvers out',
    );
}

/** Throws unless these are principals that AWS Systems Manager takes as approvers. */
export function mustBeApprovers(approvers: readonly string[]): void {
  if (approvers.length > 10)
    throw new Error(
      `approvers has ${approvers.length} entries, and AWS Systems Manager takes at most 10: name a role`,
    );
  for (const one of approvers)
    if (
      !Token.isUnresolved(one) &&
      !/^arn:[a-z0-9-]+:(?:iam::\d{12}:(?:user|role)|sts::\d{12}:assumed-role)\/[\w+=,.@/-]+$/.test(one)
    )
      throw new Error(
        `approvers contains ${shown(one)}, which is not the ARN of an IAM user or role; it looks like arn:aws:iam::111122223333:role/on-call`,
      );
}

const shown = (value: unknown) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `'${text.length > 100 ? `${text.slice(0, 100)}…` : text}'`;
};
