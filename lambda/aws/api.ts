import * as ec2 from '@aws-sdk/client-ec2';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as iam from '@aws-sdk/client-iam';
import * as route53 from '@aws-sdk/client-route-53';
import * as sts from '@aws-sdk/client-sts';
import type { ReadAction } from './actions.ts';
import { CallFailed } from './call-failed.ts';
import * as route53Resolver from './route53-resolver.ts';
import { withinTime } from './within-time.ts';

/** What every client is made with. */
export interface Connection {
  readonly region: string;
  readonly profile?: string;
  /** Tries per call, the first included; waits between them grow. */
  readonly maxAttempts?: number;
  /** Milliseconds for one call, all its tries included. */
  readonly callBudget?: number;
  /** Milliseconds for all calls of this reader together. */
  readonly budget?: number;
  /** Told of each call as it is sent and answered, for progress. */
  readonly onCall?: (action: ReadAction, state: 'sent' | 'answered' | 'failed', error?: CallFailed) => void;
}

type Client = {
  send(command: never, options: { abortSignal: AbortSignal }): Promise<unknown>;
  destroy(): void;
};
type Settings = ReturnType<typeof settings>;

const clients = {
  ec2: (config: Settings) => new ec2.EC2Client(config),
  ecr: (config: Settings) => new ecr.ECRClient(config),
  ecs: (config: Settings) => new ecs.ECSClient(config),
  iam: (config: Settings) => new iam.IAMClient(config),
  route53: (config: Settings) => new route53.Route53Client(config),
  route53resolver: (config: Settings) => route53Resolver.route53ResolverClient(config),
  sts: (config: Settings) => new sts.STSClient(config),
};

const commands = {
  'ec2:DescribeDhcpOptions': ec2.DescribeDhcpOptionsCommand,
  'ec2:DescribeInstances': ec2.DescribeInstancesCommand,
  'ec2:DescribeInternetGateways': ec2.DescribeInternetGatewaysCommand,
  'ec2:DescribeNatGateways': ec2.DescribeNatGatewaysCommand,
  'ec2:DescribeNetworkAcls': ec2.DescribeNetworkAclsCommand,
  'ec2:DescribePrefixLists': ec2.DescribePrefixListsCommand,
  'ec2:DescribeRouteTables': ec2.DescribeRouteTablesCommand,
  'ec2:DescribeSecurityGroups': ec2.DescribeSecurityGroupsCommand,
  'ec2:DescribeSubnets': ec2.DescribeSubnetsCommand,
  'ec2:DescribeVpcAttribute': ec2.DescribeVpcAttributeCommand,
  'ec2:DescribeVpcEndpoints': ec2.DescribeVpcEndpointsCommand,
  'ec2:DescribeVpcs': ec2.DescribeVpcsCommand,
  'ec2:GetManagedPrefixListEntries': ec2.GetManagedPrefixListEntriesCommand,
  'ecr:DescribeImages': ecr.DescribeImagesCommand,
  'ecr:DescribePullThroughCacheRules': ecr.DescribePullThroughCacheRulesCommand,
  'ecr:DescribeRepositories': ecr.DescribeRepositoriesCommand,
  'ecr:GetLifecyclePolicy': ecr.GetLifecyclePolicyCommand,
  'ecr:GetRegistryPolicy': ecr.GetRegistryPolicyCommand,
  'ecr:GetRepositoryPolicy': ecr.GetRepositoryPolicyCommand,
  'ecs:DescribeContainerInstances': ecs.DescribeContainerInstancesCommand,
  'ecs:DescribeServices': ecs.DescribeServicesCommand,
  'ecs:DescribeTaskDefinition': ecs.DescribeTaskDefinitionCommand,
  'ecs:DescribeTasks': ecs.DescribeTasksCommand,
  'ecs:ListTasks': ecs.ListTasksCommand,
  'iam:GetInstanceProfile': iam.GetInstanceProfileCommand,
  'iam:GetRole': iam.GetRoleCommand,
  'iam:SimulatePrincipalPolicy': iam.SimulatePrincipalPolicyCommand,
  'route53:ListHostedZonesByVPC': route53.ListHostedZonesByVPCCommand,
  'route53:ListResourceRecordSets': route53.ListResourceRecordSetsCommand,
  'route53resolver:ListFirewallDomains': route53Resolver.ListFirewallDomainsCommand,
  'route53resolver:ListFirewallRuleGroupAssociations':
    route53Resolver.ListFirewallRuleGroupAssociationsCommand,
  'route53resolver:ListFirewallRules': route53Resolver.ListFirewallRulesCommand,
  'sts:GetCallerIdentity': sts.GetCallerIdentityCommand,
} satisfies Record<ReadAction, new (input: never) => unknown>;

type Commands = typeof commands;
/** What a call takes, in the SDK's own type. */
export type Input<A extends ReadAction> = ConstructorParameters<Commands[A]>[0];
/** What a call answers, in the SDK's own type. */
export type Output<A extends ReadAction> =
  InstanceType<Commands[A]> extends {
    resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: infer O }>;
  }
    ? O
    : never;

/** Reads from AWS. Collectors receive this function and nothing else. `region` if it is not that of the task. */
export type Read = <A extends ReadAction>(action: A, input: Input<A>, region?: string) => Promise<Output<A>>;

/**
 * A reader for one account and Region. A call that brings no usable answer, for whatever reason, throws `CallFailed`.
 * Region and endpoint come from the caller and from the SDK's own settings (`AWS_ENDPOINT_URL`, profiles).
 */
export function awsReader(connection: Connection): Read {
  const { region: home, callBudget = 8_000, budget = 25_000, onCall } = connection;
  const made = new Map<string, Client>();
  let deadline: number | undefined;

  const clientFor = (service: keyof typeof clients, region: string): Client => {
    const key = `${service} ${region}`;
    const client = made.get(key) ?? (clients[service](settings(connection, region)) as unknown as Client);
    made.set(key, client);
    return client;
  };

  return (async (action: ReadAction, input: never, region = home) => {
    // The time in all begins with the first call.
    deadline ??= performance.now() + budget;
    const left = deadline - performance.now();
    const service = action.slice(0, action.indexOf(':')) as keyof typeof clients;
    onCall?.(action, 'sent');
    try {
      const command = new (commands[action] as new (input: never) => unknown)(input) as never;
      const answer = await withinTime(Math.min(left, callBudget), (abortSignal) =>
        clientFor(service, region).send(command, { abortSignal }),
      );
      onCall?.(action, 'answered');
      return answer;
    } catch (error) {
      // Refused, throttled, late, reset or not AWS at all: whatever went wrong, this call brought no answer.
      const failure = callFailed(action, error, performance.now() >= deadline);
      onCall?.(action, 'failed', failure);
      throw failure;
    }
  }) as Read;
}

const settings = ({ profile, maxAttempts = 3 }: Connection, region: string) => ({
  region,
  maxAttempts,
  retryMode: 'standard' as const,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  ...(profile === undefined ? {} : { profile }),
});

/** Codes that a permission would change: throttling, expired credentials and wrong input answer with 4xx as well. */
const denials = /^(?:Access(?:Denied|NotAllowed)|Unauthorized|NotAuthorized|AuthorizationError|Forbidden)/;

function callFailed(action: ReadAction, error: unknown, outOfTime: boolean): CallFailed {
  const { name = 'UnknownError', $metadata } = error as {
    name?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  if (outOfTime) return new CallFailed(action, 'TimeBudgetExceeded', 'no-answer', error);
  if (name === 'AbortError' || name === 'TimeoutError')
    return new CallFailed(action, 'TimeoutError', 'no-answer', error);
  // An HTML page or a cut-off document: the SDK could not read it.
  if (
    name === 'SyntaxError' ||
    (/parse|deserializ/i.test(String((error as Error).message ?? '')) && (status ?? 200) < 400)
  )
    return new CallFailed(action, 'UnreadableAnswer', 'no-answer', error);
  return new CallFailed(action, name, denials.test(name) ? 'refused' : 'no-answer', error);
}
