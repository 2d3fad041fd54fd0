import { CallFailed } from '../../lambda/aws/call-failed.ts';
import type { Account as Aws } from '../../lambda/aws/remediation-api.ts';
import type { Change } from '../../lambda/model/remediation.ts';
import type { Account } from './account.ts';

type Group = Account['SecurityGroups'][number];
// biome-ignore lint/suspicious/noExplicitAny: AWS's own shapes, read field by field
type Json = Record<string, any>;

/** What an account has that only a remediation looks at. */
export interface Extra {
  consents: boolean;
  controller: string;
  attached: string[];
}
export const extra = (): Extra => ({ consents: true, controller: 'ECS', attached: [] });

const refuse = (action: string, code: string): never => {
  throw new CallFailed(action, code, 'refused');
};

const lists = { Egress: 'IpPermissionsEgress', Ingress: 'IpPermissions' } as const;
const peerOf = ({ IpRanges, UserIdGroupPairs, PrefixListIds }: Json) =>
  IpRanges?.[0]?.CidrIp ?? UserIdGroupPairs?.[0]?.GroupId ?? PrefixListIds?.[0]?.PrefixListId;
const isSame = (a: Json, b: Json) =>
  a['IpProtocol'] === b['IpProtocol'] && a['FromPort'] === b['FromPort'] && peerOf(a) === peerOf(b);

/** Rules get their ids as AWS gives them: one that is made again is another. */
let ids = 0;
const idOf = (permission: Json) => {
  permission['ruleId'] ??= `sgr-${++ids}`;
  return permission['ruleId'] as string;
};

/** Looks at, and changes, the account that `fakeAws` reads. */
export function fakeRemediationAccount(account: Account, more: Extra): Aws {
  const tags = () => (more.consents ? [['ecs-pull-doctor:remediation', 'allow']] : [['team', 'web']]);
  const upper = () => tags().map(([Key, Value]) => ({ Key, Value }));
  const group = (action: string, id: string): Group =>
    account.SecurityGroups.find(({ GroupId }) => GroupId === id) ?? refuse(action, 'InvalidGroup.NotFound');
  const rulesOf = (one: Group) =>
    (['Egress', 'Ingress'] as const).flatMap((direction) =>
      one[lists[direction]].map((permission: Json) => ({
        SecurityGroupRuleId: idOf(permission),
        IsEgress: direction === 'Egress',
        IpProtocol: permission['IpProtocol'],
        FromPort: permission['FromPort'] ?? -1,
        ToPort: permission['ToPort'] ?? -1,
        CidrIpv4: permission['IpRanges']?.[0]?.CidrIp,
        PrefixListId: permission['PrefixListIds']?.[0]?.PrefixListId,
        ReferencedGroupInfo: permission['UserIdGroupPairs']?.[0],
        Description: (permission['IpRanges'] ??
          permission['UserIdGroupPairs'] ??
          permission['PrefixListIds'])?.[0]?.Description,
      })),
    );
  const denied = new Map<string, Account['denied']>();

  const looks: Record<string, (input: Json) => unknown> = {
    'ec2:DescribeSecurityGroups': ({ GroupIds: [id] }) => ({
      SecurityGroups: [{ ...group('ec2:DescribeSecurityGroups', id), Tags: upper() }],
    }),
    // One rule a page.
    'ec2:DescribeSecurityGroupRules': ({
      Filters: [
        {
          Values: [id],
        },
      ],
      NextToken = '0',
    }) => {
      const rules = rulesOf(group('ec2:DescribeSecurityGroupRules', id));
      const at = Number(NextToken);
      return {
        SecurityGroupRules: rules.slice(at, at + 1),
        NextToken: at + 1 < rules.length ? String(at + 1) : undefined,
      };
    },
    'iam:GetRole': () => ({ Role: { ...account.role, Tags: upper() } }),
    'iam:ListAttachedRolePolicies': () => ({
      AttachedPolicies: more.attached.map((PolicyArn) => ({ PolicyArn })),
    }),
    'ecs:DescribeServices': ({ include }) => ({
      services: [
        {
          status: 'ACTIVE',
          ...structuredClone(account.service),
          deploymentController: { type: more.controller },
          tags: include?.includes('TAGS') ? tags().map(([key, value]) => ({ key, value })) : [],
        },
      ],
    }),
    'ecr:DescribeRepositories': ({ repositoryNames: [name] }) => ({
      repositories: [account.repositories[name]],
    }),
    'ecr:ListTagsForResource': () => ({ tags: upper() }),
    'ecr:DescribeImages': ({ repositoryName }) => ({ imageDetails: account.images[repositoryName] }),
  };
  const authorize =
    (direction: 'Egress' | 'Ingress', action: string) =>
    ({ GroupId, IpPermissions: [permission] }: Json) => {
      const list = group(action, GroupId)[lists[direction]];
      if (list.some((one) => isSame(one, permission))) refuse(action, 'InvalidPermission.Duplicate');
      const rule = structuredClone(permission);
      list.push(rule);
      return { SecurityGroupRules: [{ SecurityGroupRuleId: idOf(rule) }] };
    };
  const revoke =
    (direction: 'Egress' | 'Ingress', action: string) =>
    ({ GroupId, SecurityGroupRuleIds: [id] }: Json) => {
      const list = group(action, GroupId)[lists[direction]];
      const at = list.findIndex((one) => idOf(one) === id);
      if (at < 0) refuse(action, 'InvalidSecurityGroupRuleId.NotFound');
      list.splice(at, 1);
    };
  const changes: Record<Change['action'], (input: Json) => unknown> = {
    'ec2:AuthorizeSecurityGroupEgress': authorize('Egress', 'ec2:AuthorizeSecurityGroupEgress'),
    'ec2:AuthorizeSecurityGroupIngress': authorize('Ingress', 'ec2:AuthorizeSecurityGroupIngress'),
    'ec2:RevokeSecurityGroupEgress': revoke('Egress', 'ec2:RevokeSecurityGroupEgress'),
    'ec2:RevokeSecurityGroupIngress': revoke('Ingress', 'ec2:RevokeSecurityGroupIngress'),
    'iam:AttachRolePolicy': ({ PolicyArn }) => {
      if (!more.attached.includes(PolicyArn)) more.attached.push(PolicyArn);
      denied.set(PolicyArn, account.denied);
      account.denied = {};
    },
    'iam:DetachRolePolicy': ({ PolicyArn }) => {
      if (!more.attached.includes(PolicyArn)) refuse('iam:DetachRolePolicy', 'NoSuchEntity');
      more.attached = more.attached.filter((one) => one !== PolicyArn);
      account.denied = denied.get(PolicyArn) ?? account.denied;
    },
    'ecs:UpdateService': ({ networkConfiguration }) => {
      const service = account.service as Json;
      service['networkConfiguration'] = structuredClone(networkConfiguration);
      service['deployments'] = [{ id: `ecs-svc/${++ids}`, status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }];
    },
    'ecr:UpdateImageStorageClass': ({ repositoryName, imageId, targetStorageClass }) => {
      const image = account.images[repositoryName]?.find(
        ({ imageDigest }) => imageDigest === imageId.imageDigest,
      );
      if (!image) return refuse('ecr:UpdateImageStorageClass', 'ImageNotFoundException');
      image.imageStatus = targetStorageClass === 'STANDARD' ? 'ACTIVE' : 'ARCHIVED';
      return {};
    },
  };
  return {
    look: (async (action: string, input: Json) =>
      looks[action]?.(input) ?? refuse(action, 'NotFaked')) as Aws['look'],
    change: async ({ action, input }) => changes[action](input),
  };
}

/** All of the account that people set: not the ids of rules, nor which deployment it is. */
export function settingsOf(account: Account, more: Extra): unknown {
  const { service, ...rest } = account;
  const { deployments: _, ...set } = service ?? {};
  return JSON.parse(
    JSON.stringify({ ...rest, service: set, attached: more.attached }, (key, value) =>
      key === 'ruleId' ? undefined : value,
    ),
  );
}
