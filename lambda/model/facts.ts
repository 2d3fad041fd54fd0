/** Every fact that is collected and that a check may ask for. `null` means: we looked, and there is none. */
export interface Facts {
  /** The stopped task, as its event or `ecs:DescribeTasks` shows it. Given, not collected. */
  readonly task: StoppedTask;
  /** The image references that may have failed; see `collect/images.ts` for how suspects are chosen. */
  readonly images: readonly ImageReference[];
  /** The account whose credentials read the facts. */
  readonly caller: { readonly accountId: string };
  readonly taskDefinition: TaskDefinition | null;
  readonly service: Service | null;
  /** The EC2 instance a task was placed on; `null` on Fargate. */
  readonly containerInstance: ContainerInstance | null;
  readonly instance: Instance | null;
  /** Where the pull leaves from; `null` where no VPC of this account carries it (EXTERNAL). */
  readonly placement: Placement | null;
  /** The security groups on the interface the pull leaves through. */
  readonly securityGroupIds: readonly string[];
  /** Whether that interface has a public IPv4 address. */
  readonly publicIp: boolean;
  /** The subnets the task may have run in: one, if the event names it. */
  readonly subnets: readonly Subnet[];
  readonly vpc: Vpc | null;
  readonly vpcDns: VpcDns | null;
  readonly dhcpOptions: DhcpOptions | null;
  /** Private hosted zones that answer for the hosts of the pull; `null` where nothing hints at one, and nobody asked. */
  readonly privateZones: readonly PrivateZone[] | null;
  /** Rules of DNS Firewall that the VPC's queries meet, in that order; `null` where the text speaks of no name, and nobody asked. */
  readonly dnsFirewallRules: readonly DnsFirewallRule[] | null;
  readonly vpcSubnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly networkAcls: readonly NetworkAcl[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly vpcEndpoints: readonly VpcEndpoint[];
  readonly natGateways: readonly NatGateway[];
  /** EC2 instances that routes of the VPC lead to. */
  readonly natInstances: readonly NatInstance[];
  readonly internetGateways: readonly InternetGateway[];
  /** Prefix lists of AWS services in the Region, with their CIDR blocks. */
  readonly servicePrefixLists: readonly PrefixList[];
  /** Every prefix list that a route or a security group of the VPC names. */
  readonly prefixLists: readonly PrefixList[];
  /** The role that pulls: the task execution role, or on EC2 without one the instance role. */
  readonly pullingRole: PullingRole | null;
  /** What `iam:SimulatePrincipalPolicy` says about the pulling role, one entry per action and resource. */
  readonly pullPermissions: readonly PermissionDecision[];
  /** JSON text; `null`: the registry has none. */
  readonly registryPolicy: string | null;
  /** One entry per suspect image in Amazon ECR, in the order of `images`. */
  readonly ecrImages: readonly EcrImage[];
  /** What the registries of suspect images outside Amazon ECR say of them; `null` where the text needs no look, and nobody asked. */
  readonly externalImages: readonly ExternalImage[] | null;
}

export type FactName = keyof Facts;

/** One thing we tried to learn: we know it, or we know why we do not. */
export type Fact<T> = Known<T> | Unknown;

export interface Known<T> {
  readonly status: 'known';
  readonly value: T;
}

/** Why a fact is not known, with the call that would have told. */
export interface Unknown {
  readonly status: 'unknown';
  readonly why: 'refused' | 'no-answer' | 'gone' | 'not-recorded' | 'owned-by-other' | 'our-bug';
  /** The AWS call as its IAM action, e.g. `ec2:DescribeSubnets`. */
  readonly action?: string;
  /** The AWS error code or what happened, e.g. `UnauthorizedOperation`. */
  readonly error?: string;
}

/** All that was learnt about one stopped task at one moment. Plain JSON: save it, send it, replay it. */
export interface Snapshot {
  readonly schemaVersion: 1;
  /** ISO 8601, UTC. */
  readonly collectedAt: string;
  readonly facts: CollectedFacts;
}

export type CollectedFacts = {
  readonly [N in FactName]: N extends 'task' ? Known<StoppedTask> : Fact<Facts[N]>;
};

/** The connections of a pull, in the order in which they are made. */
export type Step = 'token' | 'secrets' | 'manifest' | 'layers';

export type LaunchType = 'FARGATE' | 'EC2' | 'EXTERNAL' | 'MANAGED_INSTANCES';

/**
 * A stopped task, copied by an allow-list: `overrides` (but for the role) and environment values are never read.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export interface StoppedTask {
  readonly taskArn: string;
  readonly clusterArn: string;
  readonly region: string;
  readonly accountId: string;
  /** E.g. `service:web`, `family:web`. */
  readonly group: string | null;
  readonly startedBy: string | null;
  readonly launchType: LaunchType | null;
  readonly platformVersion: string | null;
  readonly taskDefinitionArn: string | null;
  readonly containerInstanceArn: string | null;
  readonly stoppedReason: string;
  readonly stopCode: string | null;
  /** ISO 8601 time stamps, as AWS gave them. */
  readonly createdAt: string | null;
  readonly pullStartedAt: string | null;
  readonly stoppedAt: string | null;
  /** `version` of the event: higher is newer. */
  readonly version: number | null;
  readonly containers: readonly Container[];
  /** From the attachment of the task's elastic network interface. */
  readonly subnetId: string | null;
  readonly privateIpv4Address: string | null;
  /** GiB, if the event says. */
  readonly ephemeralStorageGiB: number | null;
  readonly cpuArchitecture: string | null;
  /** `overrides.executionRoleArn`. */
  readonly executionRoleArnOverride: string | null;
  /** Network settings given by the person who asks, where ECS recorded none. */
  readonly givenNetwork: GivenNetwork | null;
}

export interface GivenNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[] | null;
  readonly assignPublicIp: boolean | null;
}

export interface Container {
  readonly name: string;
  /** Containers that AWS injects may have none. */
  readonly image: string | null;
  readonly imageDigest: string | null;
  readonly reason: string | null;
  /** Whether it ran: it has an exit code or a runtime id. */
  readonly ran: boolean;
}

/** Which kind of policy an AWS denial names: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
export type PolicyKind =
  | 'identity-based policy'
  | 'permissions boundary'
  | 'service control policy'
  | 'resource control policy'
  | 'resource-based policy'
  | 'session policy'
  | 'VPC endpoint policy';

/** What an error text says. */
export interface PullError {
  readonly text: string;
  /** Ids of the symptoms it matches, most specific first; empty for a text not seen before. */
  readonly symptoms: readonly string[];
  /** Whether it was cut off. */
  readonly truncated: boolean;
  /** The connection that failed; `null` where the text leaves it open. */
  readonly step: Step | null;
  /** The connections whose hosts gave an answer, so that there is a way to them. */
  readonly answered?: readonly Step[];
  /** How far the failed connection got: somebody answered what was asked, or it was made or turned down, and ended. */
  readonly reached?: 'answer' | 'end';
  readonly host?: string;
  /** The IP address that was dialled. */
  readonly address?: string;
  /** Whether that is an address of an endpoint in a VPC, or a public one. */
  readonly addressKind?: 'private' | 'public';
  readonly httpStatus?: number;
  readonly deniedAction?: string;
  readonly deniedBy?: PolicyKind;
  /** A statement denies it; else the text says at most that none allows it. */
  readonly deniedExplicitly?: true;
  /** The principal that was refused, e.g. `arn:aws:sts::111122223333:assumed-role/role/session`. */
  readonly deniedPrincipal?: string;
  readonly image?: string;
  readonly digest?: string;
}

/** A parsed image reference: https://github.com/distribution/reference */
export interface ImageReference {
  /** As written in the task definition. */
  readonly text: string;
  readonly container: string | null;
  /** Host of the registry, e.g. `docker.io`; `null` if the text is no reference. */
  readonly registry: string | null;
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string | null;
  /** Set if the host is an Amazon ECR private registry. */
  readonly ecr: EcrRegistry | null;
  /** Why the text is no image reference, if it is none. */
  readonly invalid: string | null;
}

export interface EcrRegistry {
  readonly accountId: string;
  readonly region: string;
  readonly fips: boolean;
  /** Host of the dual-stack kind (`dkr-ecr.<region>.on.aws`). */
  readonly dualStack: boolean;
}

export interface TaskDefinition {
  readonly taskDefinitionArn: string;
  readonly executionRoleArn: string | null;
  readonly networkMode: string | null;
  readonly requiresCompatibilities: readonly string[];
  readonly cpuArchitecture: string | null;
  readonly operatingSystemFamily: string | null;
  readonly ephemeralStorageGiB: number | null;
  readonly containers: readonly ContainerDefinition[];
}

export interface ContainerDefinition {
  readonly name: string;
  readonly image: string | null;
  /** ARN or name of the secret with registry credentials, never its value. */
  readonly credentialsParameter: string | null;
  /** ARNs or names of secrets and parameters, never their values. */
  readonly secretArns: readonly string[];
}

export interface Service {
  readonly serviceName: string;
  readonly serviceArn: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  /** Of the deployment that started the task, else of the service; `null` outside awsvpc mode. */
  readonly network: AwsvpcConfiguration | null;
  readonly deploymentId: string | null;
  readonly platformVersion: string | null;
}

export interface AwsvpcConfiguration {
  readonly subnetIds: readonly string[];
  /** Empty means the default security group of the VPC. */
  readonly securityGroupIds: readonly string[];
  readonly assignPublicIp: boolean;
}

export interface ContainerInstance {
  readonly containerInstanceArn: string;
  readonly ec2InstanceId: string | null;
  readonly agentVersion: string | null;
}

export interface Instance {
  readonly instanceId: string;
  readonly vpcId: string;
  readonly subnetId: string;
  /** Of the primary network interface. */
  readonly securityGroupIds: readonly string[];
  readonly privateIpAddress: string | null;
  readonly publicIpAddress: string | null;
  readonly instanceProfileArn: string | null;
}

/** The interface a pull leaves through. */
export interface Placement {
  readonly interface: 'task' | 'instance';
  readonly subnetIds: readonly string[];
  /** Where the subnets are known from; a service lists several, the task ran in one of them. */
  readonly from: 'attachment' | 'service' | 'given' | 'instance';
  readonly sourceAddress: string | null;
}

export interface Subnet {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly ownerId: string | null;
  readonly availabilityZone: string | null;
  /** `null` in an IPv6-only subnet. */
  readonly cidrBlock: string | null;
  readonly ipv6Native: boolean;
  /** The Amazon DNS server gives it IPv6 addresses of hosts that have none, which NAT64 leads there. */
  readonly dns64?: boolean;
  /** Effective VPC Block Public Access: https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html */
  readonly internetGatewayBlockMode: 'off' | 'block-bidirectional' | 'block-ingress';
}

export interface Vpc {
  readonly vpcId: string;
  readonly ownerId: string | null;
  /** The primary one first. */
  readonly cidrBlocks: readonly string[];
  readonly dhcpOptionsId: string | null;
}

export interface VpcDns {
  readonly enableDnsSupport: boolean;
  /** `null` where no endpoint has private DNS, and nobody asked. */
  readonly enableDnsHostnames: boolean | null;
}

export interface DhcpOptions {
  readonly dhcpOptionsId: string;
  readonly domainNameServers: readonly string[];
}

/** A private hosted zone of Amazon Route 53 that is associated with the VPC. */
export interface PrivateZone {
  readonly hostedZoneId: string;
  /** Without the dot at the end. */
  readonly name: string;
  /** Names that the zone has records for, `*` included, without the dot at the end; unknown if another account owns it. */
  readonly recordNames: Fact<readonly string[]>;
}

/** A rule of Route 53 Resolver DNS Firewall. */
export interface DnsFirewallRule {
  readonly ruleGroupId: string;
  readonly priority: number | null;
  readonly action: 'ALLOW' | 'ALERT' | 'BLOCK';
  /** How a blocked query is answered: `NODATA`, `NXDOMAIN`, or `OVERRIDE` with another name. */
  readonly blockResponse: string | null;
  /** The one type of query that it is for, e.g. `AAAA`; `null`: all. */
  readonly queryType: string | null;
  /** `null`: it goes by the look of a name, and not by a list. */
  readonly domainListId: string | null;
  /** Those entries of its list that fit a host of the pull, in lower case, without the dot at the end. */
  readonly domains: Fact<readonly string[]>;
  /** Whether the names that an allowed name leads to are let through as well. */
  readonly trustsRedirection: boolean;
}

export interface RouteTable {
  readonly routeTableId: string;
  readonly main: boolean;
  readonly subnetIds: readonly string[];
  readonly routes: readonly Route[];
}

export interface Route {
  /** A CIDR block or the id of a prefix list. */
  readonly destination: string;
  /** Id of what the route leads to: `igw-…`, `nat-…`, `tgw-…`, `vpce-…`, `local` and so on. */
  readonly target: string;
  readonly state: 'active' | 'blackhole' | 'filtered';
  /** The instance that a network interface is attached to, where the target is one. */
  readonly instanceId?: string;
  /** `EnableVgwRoutePropagation` for propagated routes. */
  readonly origin: string | null;
}

export interface NetworkAcl {
  readonly networkAclId: string;
  readonly subnetIds: readonly string[];
  readonly entries: readonly NetworkAclEntry[];
}

export interface NetworkAclEntry {
  readonly ruleNumber: number;
  readonly egress: boolean;
  /** IANA number as text, `-1` for all. */
  readonly protocol: string;
  readonly action: 'allow' | 'deny';
  readonly cidrBlock: string;
  /** Inclusive; `null` means all. */
  readonly ports: readonly [number, number] | null;
}

export interface SecurityGroup {
  readonly groupId: string;
  readonly groupName: string;
  readonly vpcId: string;
  /** The account that alone may change its rules. Absent where AWS did not say. */
  readonly ownerId?: string;
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
}

/** One permission with one peer: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
export interface SecurityGroupRule {
  /** `tcp`, `-1` for all, or an IANA number as text. */
  readonly protocol: string;
  readonly ports: readonly [number, number] | null;
  /** A CIDR block, the id of a security group or the id of a prefix list. */
  readonly peer: string;
}

export interface VpcEndpoint {
  readonly vpcEndpointId: string;
  readonly serviceName: string;
  readonly serviceRegion: string | null;
  readonly type: string;
  /** Lower case. */
  readonly state: string;
  readonly privateDnsEnabled: boolean;
  /** With this option only an inbound Resolver endpoint answers with private addresses. */
  readonly privateDnsOnlyForInboundResolver: boolean;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly routeTableIds: readonly string[];
  /** JSON text; `null` means full access. */
  readonly policy: string | null;
}

export interface NatGateway {
  readonly natGatewayId: string;
  /** Lower case. */
  readonly state: string;
  readonly failureMessage: string | null;
  readonly connectivityType: 'public' | 'private';
  /** `null` for a regional NAT gateway. */
  readonly subnetId: string | null;
  /** The table that a regional NAT gateway has of its own. */
  readonly routeTableId?: string;
}

export interface NatInstance {
  readonly instanceId: string;
  /** `running`, `stopped` and so on. */
  readonly state: string;
  /** None once it is terminated. */
  readonly interfaces: readonly InstanceInterface[];
}

export interface InstanceInterface {
  readonly networkInterfaceId: string;
  readonly subnetId: string | null;
  /** On, an instance drops packets that are neither from nor for itself. */
  readonly sourceDestCheck: boolean;
  readonly securityGroupIds: readonly string[];
  readonly publicIpAddress: string | null;
}

export interface InternetGateway {
  readonly internetGatewayId: string;
}

export interface PrefixList {
  readonly prefixListId: string;
  readonly name: string | null;
  readonly cidrBlocks: readonly string[];
}

export interface PullingRole {
  readonly kind: 'task execution role' | 'container instance role';
  readonly roleArn: string;
  /** `null`: the role does not exist. */
  readonly role: Role | null;
}

export interface Role {
  readonly roleArn: string;
  readonly roleName: string;
  /** The trust policy as JSON text. */
  readonly trustPolicy: string;
  readonly permissionsBoundaryArn: string | null;
}

/** One answer of `iam:SimulatePrincipalPolicy`. */
export interface PermissionDecision {
  readonly action: string;
  readonly resource: string;
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  /** Context keys that the policies ask for and the simulation did not have: the decision is then no proof. */
  readonly missingContextValues: readonly string[];
  /** `null` where the answer does not say. */
  readonly allowedByBoundary: boolean | null;
  readonly allowedByOrganizations: boolean | null;
  /** AWS did not simulate it: it was read from the role's policies and boundary, which know nothing of the organization. */
  readonly simulated?: false;
  /**
   * What the role's own policies and its boundary say, each for itself: AWS tells of them together. Absent where that tells all,
   * or where they could not be read.
   */
  readonly layers?: {
    readonly policies: LayerVerdict;
    readonly boundary: LayerVerdict | null;
    /** Those of them that stop it. */
    readonly documents?: readonly RolePolicy[];
  };
}

/** A policy of a role. */
export interface RolePolicy {
  readonly kind: 'attached' | 'inline' | 'boundary';
  /** The ARN of a managed policy, the name of an inline one. */
  readonly policy: string;
  /** JSON text. */
  readonly document: string;
}

/** Whether a statement of a policy denies an action, and whether one allows it; `null` where a condition decides that is not known. */
export interface LayerVerdict {
  readonly denies: boolean | null;
  readonly allows: boolean | null;
}

/** What Amazon ECR knows about one suspect image. */
export interface EcrImage {
  /** As written in the task definition. */
  readonly image: string;
  readonly repositoryArn: string;
  readonly repositoryExists: Fact<boolean>;
  /** ARN of a repository of this name in the account and Region of the task, if the image names others and has none there. */
  readonly repositoryElsewhere: Fact<string | null> | null;
  readonly manifest: Fact<EcrManifest | null>;
  /** The image that the text or the container names by digest, where the reference does not: a service pins it. */
  readonly pinned: { readonly digest: string; readonly manifest: Fact<EcrManifest | null> } | null;
  /** Tags of other images of the repository, newest first; `null` if the image is there, and nobody asked. */
  readonly otherTags: Fact<readonly EcrTag[]> | null;
  /** JSON text; known `null`: none. `null` if the image is there, and nobody asked. */
  readonly lifecyclePolicy: Fact<string | null> | null;
  readonly repositoryPolicy: Fact<string | null>;
  /** The pull-through cache rule whose prefix the repository has. */
  readonly pullThroughCacheRule: Fact<PullThroughCacheRule | null>;
  /** ARN of the key of one's own that encrypts the repository; `null` if the text speaks of no key, and nobody asked. */
  readonly encryptionKey: Fact<string | null> | null;
}

export interface EcrManifest {
  readonly digest: string;
  readonly tags: readonly string[];
  /** Compressed; of the largest image for an index. */
  readonly sizeInBytes: number | null;
  readonly mediaType: string | null;
  readonly pushedAt: string | null;
  readonly status: 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING';
}

export interface EcrTag {
  readonly tag: string;
  readonly digest: string;
  readonly pushedAt: string | null;
}

export interface PullThroughCacheRule {
  readonly prefix: string;
  readonly upstreamRegistry: string | null;
  readonly upstreamUrl: string | null;
}

/** What its registry says of one suspect image outside Amazon ECR, asked as anybody may ask: without credentials. */
export interface ExternalImage {
  /** As written in the task definition. */
  readonly image: string;
  readonly answer: RegistryAnswer;
}

export type RegistryAnswer =
  | {
      readonly status: 'found';
      readonly digest: string | null;
      readonly mediaType: string | null;
      /** Of an index, e.g. `linux/arm64/v8`; `null` for a single image, or if nobody asked. */
      readonly platforms: readonly string[] | null;
    }
  | { readonly status: 'not-found' }
  /** The image is private or does not exist: most registries give a stranger one answer for both. */
  | { readonly status: 'denied' }
  /** The limit of the address that asked, which is not the address the task pulls from. */
  | { readonly status: 'rate-limited' }
  | { readonly status: 'server-error'; readonly httpStatus: number }
  /** We would not ask, or would not go where the answer led. */
  | { readonly status: 'not-checked'; readonly because: string }
  /** We asked, and nothing came that can be used. */
  | { readonly status: 'no-answer'; readonly because: string };
