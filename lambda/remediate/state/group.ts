import type { GroupPermission, RemediationStep } from '../../model/remediation.ts';
import { filled } from './filled.ts';
import { consents, given, type Look, type Of, pages, type State } from './state.ts';

/** A security group, and the rule that a step adds to it. */
export async function groupState(
  { undo }: RemediationStep,
  { action, input }: Of<'ec2:AuthorizeSecurityGroupEgress' | 'ec2:AuthorizeSecurityGroupIngress'>,
  run: string,
  known: string | null,
  look: Look,
  region: string,
): Promise<State> {
  const {
    GroupId,
    IpPermissions: [wanted],
  } = input;
  const [{ SecurityGroups }, rules] = await Promise.all([
    look('ec2:DescribeSecurityGroups', { GroupIds: [GroupId] }, region),
    pages(async (NextToken) => {
      const Filters = [{ Name: 'group-id', Values: [GroupId] }];
      const answer = await look('ec2:DescribeSecurityGroupRules', { Filters, NextToken }, region);
      const items = given('ec2:DescribeSecurityGroupRules', answer.SecurityGroupRules);
      return { items, next: answer.NextToken };
    }),
  ]);
  const group = given('ec2:DescribeSecurityGroups', SecurityGroups?.[0]);
  const same = rules.filter(
    (rule) =>
      rule.IsEgress === (action === 'ec2:AuthorizeSecurityGroupEgress') &&
      rule.IpProtocol === wanted.IpProtocol &&
      rule.FromPort === wanted.FromPort &&
      rule.ToPort === wanted.ToPort &&
      (rule.CidrIpv4 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId) === peerOf(wanted),
  );
  const made =
    same.find(({ Description }) => Description === `ecs-pull-doctor ${run}`)?.SecurityGroupRuleId ?? null;
  return {
    resource: GroupId,
    consents: consents(group.Tags),
    isSo: same.length > 0,
    made,
    before: { rule: same[0]?.SecurityGroupRuleId ?? null },
    against: null,
    againstUndo:
      made === null &&
      rules.some(({ SecurityGroupRuleId }) => known !== null && SecurityGroupRuleId === known)
        ? `somebody has changed rule \`${known}\` since`
        : null,
    undo: made === null ? undo : filled(undo, { '<rule>': made }),
  };
}

const peerOf = ({ IpRanges, UserIdGroupPairs, PrefixListIds }: GroupPermission) =>
  IpRanges?.[0].CidrIp ?? UserIdGroupPairs?.[0].GroupId ?? PrefixListIds?.[0].PrefixListId;
