import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { IAM } from '@aws-sdk/client-iam';

/**
 * An HTTP server that stands before moto. It adds the calls that moto lacks and puts right the answers in which moto differs
 * from AWS; `corrections` is the whole list. Everything else passes through unchanged.
 */
export async function startStandIn(
  motoUrl: string,
): Promise<{ readonly url: string; readonly server: Server }> {
  const lab = newLab(motoUrl);
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const { status, type, body } = await answer(request, lab).catch(
      (error: unknown): Answer => ({ status: 500, type: 'text/plain', body: `stand-in: ${String(error)}` }),
    );
    response.writeHead(status, { 'content-type': type }).end(body);
  };
  const server = createServer((request, response) => void respond(request, response));
  // A connection that is closed while the SDK reuses it would look like a fault of the product.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the stand-in has no port');
  return { url: `http://127.0.0.1:${address.port}`, server };
}

/** One call, told apart by the credential scope of its signature and by its action. */
interface Call {
  readonly service: string;
  readonly region: string;
  readonly action: string;
  /** Parameters of a query call (EC2, IAM). */
  readonly query: URLSearchParams;
  /** Fields of a JSON call (ECS, ECR). */
  readonly json: Json;
  readonly headers: Record<string, string>;
  /** Route 53 tells its calls apart by method and path. */
  readonly method: string;
  readonly path: string;
}
interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, patched field by field
type Json = Record<string, any>;
type Next = () => Promise<Answer>;

interface Correction {
  /** `service:Action`, the calls it concerns. */
  readonly calls: readonly string[];
  /** What moto does otherwise. */
  readonly because: string;
  correct(call: Call, next: Next, lab: Lab): Promise<Answer>;
}

/** What the stand-in remembers, and its own way to moto. */
interface Lab {
  /** Ids of deleted NAT gateways and of detached internet gateways. */
  readonly deadTargets: Set<string>;
  readonly endpointsWithoutPrivateDns: Set<string>;
  /** Mode of VPC Block Public Access by Region. */
  readonly blockModes: Map<string, string>;
  /** Bytes by `repository@digest`: other repositories hold images of the same digest. */
  readonly imageSizes: Map<string, number>;
  /** `repository@digest` of archived images. */
  readonly archived: Set<string>;
  /** Descriptions of rules that name a group or a prefix list, by group, direction, port and peer. */
  readonly ruleDescriptions: Map<string, string>;
  readonly pullThroughCacheRules: Map<string, Json[]>;
  /** What worlds tell of themselves that moto cannot make. */
  readonly settings: {
    /** Rules with their names, by VPC. */
    readonly dnsFirewall: Map<string, Json[]>;
    /** Account ids, by subnet. */
    readonly subnetOwners: Map<string, string>;
    readonly endpointStates: Map<string, string>;
    /** By Region. */
    readonly registryPolicies: Map<string, string>;
    /** Actions that the organization denies, by role. */
    readonly organizationDenies: Map<string, string[]>;
  };
  /** Stopped tasks by ARN, as events show them. */
  readonly stoppedTasks: Map<string, Json>;
  /** IAM of the partition of a Region. */
  iamIn(region: string): IAM;
  pass(call: Call, body?: string): Promise<Answer>;
}

/** A new VPC of AWS has the Region's own set; it has an id like any other. */
const defaultDhcpOptionsId = 'dopt-0d0d0d0d0d0d0d0d0';

/** Everything in which the stand-in differs from moto. */
export const corrections: readonly Correction[] = [
  {
    calls: [
      'route53resolver:ListFirewallRuleGroupAssociations',
      'route53resolver:ListFirewallRules',
      'route53resolver:ListFirewallDomains',
    ],
    because: 'moto has no DNS Firewall; a VPC has the rules that its world has told of',
    correct: async ({ action, json }, _next, { settings }) => {
      const { VpcId, FirewallRuleGroupId, FirewallDomainListId } = json;
      if (action === 'ListFirewallRuleGroupAssociations') {
        const has = settings.dnsFirewall.has(VpcId);
        return jsonAnswer({
          FirewallRuleGroupAssociations: has
            ? [{ FirewallRuleGroupId: `rslvr-frg-${VpcId}`, Priority: 101 }]
            : [],
        });
      }
      const [vpcId, position] = String(FirewallDomainListId ?? FirewallRuleGroupId)
        .replace(/^rslvr-f(?:rg|dl)-/, '')
        .split('/');
      const rules = settings.dnsFirewall.get(vpcId ?? '') ?? [];
      if (action === 'ListFirewallDomains') {
        const Domains = rules[Number(position)]?.['domains'];
        return Domains
          ? jsonAnswer({ Domains })
          : jsonAnswer({ __type: 'AccessDeniedException', message: 'a list that AWS keeps' }, 400);
      }
      return jsonAnswer({
        FirewallRules: rules.map(({ domains: _, ...rule }, index) => ({
          ...rule,
          Priority: index + 1,
          FirewallDomainListId: `rslvr-fdl-${vpcId}/${index}`,
        })),
      });
    },
  },
  {
    calls: ['ec2:DescribeSubnets'],
    because: 'in moto the account that asks owns every subnet; a world may say that another one does',
    correct: async (_call, next, { settings }) =>
      edit(await next(), (body) =>
        body.replace(
          /<ownerId>[^<]*<((?:(?!<ownerId>).)*?)<subnetId>([^<]+)</gs,
          (all, between, id: string) => {
            const owner = settings.subnetOwners.get(id);
            return owner ? `<ownerId>${owner}<${between}<subnetId>${id}<` : all;
          },
        ),
      ),
  },
  {
    calls: ['ec2:DescribeVpcEndpoints'],
    because: 'in moto every endpoint is available at once; a world may say that one is not',
    correct: async (_call, next, { settings }) =>
      edit(await next(), (body) =>
        body.replace(/<item><vpcEndpointId>([^<]+)<.*?<\/ownerId><\/item>/gs, (endpoint, id: string) => {
          const state = settings.endpointStates.get(id);
          return state ? endpoint.replace(/<state>[^<]*</, `<state>${state}<`) : endpoint;
        }),
      ),
  },
  {
    calls: ['ecr:PutRegistryPolicy', 'ecr:GetRegistryPolicy'],
    because: 'moto takes registry policies of the first version only, which say nothing about pulls',
    correct: async ({ action, region, json }, next, { settings }) => {
      if (action === 'PutRegistryPolicy') settings.registryPolicies.set(region, json['policyText']);
      const policyText = settings.registryPolicies.get(region);
      return policyText ? jsonAnswer({ registryId: '123456789012', policyText }) : next();
    },
  },
  {
    calls: [
      'ecr:DescribeImages',
      'ecr:DescribeRepositories',
      'ecr:GetRepositoryPolicy',
      'ecr:GetLifecyclePolicy',
    ],
    because: 'moto says of another account that it has no such repository; AWS says nothing of it',
    correct: async ({ json }, next) =>
      json['registryId'] && json['registryId'] !== '123456789012'
        ? jsonAnswer({ __type: 'AccessDeniedException', message: 'not authorized' }, 400)
        : next(),
  },
  {
    calls: ['iam:SimulatePrincipalPolicy'],
    because: 'moto has no policy simulation',
    correct: async ({ query, region }, _next, { iamIn, settings }) => {
      const roleArn = query.get('PolicySourceArn') ?? '';
      const policies = await policiesOf(roleArn, iamIn(region));
      if (!policies)
        return xml(404, iamError('NoSuchEntity', `The role with ARN ${roleArn} cannot be found.`));
      return xml(200, simulation(policies, query, settings.organizationDenies.get(roleArn) ?? []));
    },
  },
  {
    calls: ['ec2:DeleteNatGateway', 'ec2:DetachInternetGateway', 'ec2:AttachInternetGateway'],
    because: 'remembered for the states of routes, below',
    correct: async ({ action, query }, next, { deadTargets }) => {
      const id = query.get('NatGatewayId') ?? query.get('InternetGatewayId') ?? '';
      if (action === 'AttachInternetGateway') deadTargets.delete(id);
      else deadTargets.add(id);
      return next();
    },
  },
  {
    calls: ['ec2:DescribeRouteTables'],
    because:
      'moto leaves a route to a deleted NAT gateway or a detached internet gateway `active`; on AWS it is a `blackhole`',
    correct: async (_call, next, { deadTargets }) =>
      edit(await next(), (body) =>
        body.replace(/<item>(?:(?!<item>).)*?<\/item>/gs, (route) => {
          const target = /<(?:natGatewayId|gatewayId)>([^<]+)</.exec(route)?.[1];
          return target && deadTargets.has(target)
            ? route.replace('<state>active<', '<state>blackhole<')
            : route;
        }),
      ),
  },
  {
    calls: ['ec2:ModifyVpcEndpoint'],
    because: 'moto changes the list of route tables of a gateway endpoint, but not the routes in them',
    correct: async (call, next, lab) => {
      const answered = await next();
      const added = listed(call.query, 'AddRouteTableId');
      const removed = listed(call.query, 'RemoveRouteTableId');
      if (added.length + removed.length === 0) return answered;
      const list = await s3PrefixList(call, lab);
      const GatewayId = call.query.get('VpcEndpointId') ?? '';
      for (const RouteTableId of added)
        await lab.pass(call, form('CreateRoute', { RouteTableId, DestinationPrefixListId: list, GatewayId }));
      for (const RouteTableId of removed)
        await lab.pass(call, form('DeleteRoute', { RouteTableId, DestinationPrefixListId: list }));
      return answered;
    },
  },
  {
    calls: ['ec2:ModifyVpcEndpoint'],
    because: 'moto accepts PrivateDnsEnabled and ignores it; remembered for DescribeVpcEndpoints',
    correct: async ({ query }, next, { endpointsWithoutPrivateDns }) => {
      const id = query.get('VpcEndpointId') ?? '';
      if (query.get('PrivateDnsEnabled') === 'false') endpointsWithoutPrivateDns.add(id);
      if (query.get('PrivateDnsEnabled') === 'true') endpointsWithoutPrivateDns.delete(id);
      return next();
    },
  },
  {
    calls: ['ec2:DescribeVpcEndpoints'],
    because: 'moto lists deleted endpoints for ever, and forgets that private DNS was turned off',
    correct: async (_call, next, { endpointsWithoutPrivateDns }) =>
      edit(await next(), (body) =>
        body.replace(/<item><vpcEndpointId>([^<]+)<.*?<\/ownerId><\/item>/gs, (endpoint, id: string) => {
          if (endpoint.includes('<state>deleted<')) return '';
          return endpointsWithoutPrivateDns.has(id)
            ? endpoint.replace('<privateDnsEnabled>true<', '<privateDnsEnabled>false<')
            : endpoint;
        }),
      ),
  },
  {
    calls: ['ec2:DescribeNatGateways'],
    because: 'moto leaves out the ConnectivityType of a NAT gateway that was made without saying it',
    correct: async (_call, next) =>
      edit(await next(), (body) =>
        body.replace(/<item><createTime>.*?(?=<item><createTime>|<\/natGatewaySet>)/gs, (nat) =>
          nat.includes('<connectivityType>')
            ? nat
            : nat.replace('<natGatewayId>', '<connectivityType>public</connectivityType><natGatewayId>'),
        ),
      ),
  },
  {
    calls: ['ec2:AuthorizeSecurityGroupEgress', 'ec2:AuthorizeSecurityGroupIngress'],
    because: 'remembered for the descriptions of rules, below',
    correct: async ({ action, query }, next, { ruleDescriptions }) => {
      const answered = await next();
      if (answered.status !== 200) return answered;
      for (const [key, peer] of query) {
        const [, permission, list] =
          /^(IpPermissions\.\d+)\.((?:Groups|PrefixListIds)\.\d+)\.(?:GroupId|PrefixListId)$/.exec(key) ?? [];
        if (!permission) continue;
        const rule = [
          query.get('GroupId'),
          action.endsWith('Egress'),
          query.get(`${permission}.FromPort`),
          peer,
        ].join(' ');
        ruleDescriptions.set(rule, query.get(`${permission}.${list}.Description`) ?? '');
      }
      return answered;
    },
  },
  {
    calls: ['ec2:DescribeSecurityGroupRules'],
    because: 'moto leaves out the description of a rule that names a group or a prefix list',
    correct: async (_call, next, { ruleDescriptions }) =>
      edit(await next(), (body) =>
        body.replace(/<item>(?:(?!<item>).)*<securityGroupRuleId>.*?<\/item>/gs, (rule) => {
          const value = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(rule)?.[1];
          const peer = /<referencedGroupInfo>.*?<groupId>([^<]+)</s.exec(rule)?.[1] ?? value('prefixListId');
          const own = rule.replace(/<referencedGroupInfo>.*?<\/referencedGroupInfo>/s, '');
          const group = /<groupId>([^<]+)</.exec(own)?.[1];
          const description = ruleDescriptions.get(
            [group, value('isEgress'), value('fromPort'), peer].join(' '),
          );
          return description && !rule.includes('<description>')
            ? rule.replace('</item>', `<description>${description}</description></item>`)
            : rule;
        }),
      ),
  },
  {
    calls: ['ec2:ModifyVpcBlockPublicAccessOptions'],
    because: 'moto has no VPC Block Public Access; remembered for DescribeSubnets',
    correct: async ({ action, region, query }, _next, { blockModes }) => {
      const mode = query.get('InternetGatewayBlockMode') ?? 'off';
      blockModes.set(region, mode);
      const options = `<vpcBlockPublicAccessOptions><internetGatewayBlockMode>${mode}</internetGatewayBlockMode></vpcBlockPublicAccessOptions>`;
      return xml(
        200,
        `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${options}</${action}Response>`,
      );
    },
  },
  {
    calls: ['ec2:DescribeSubnets'],
    because: 'moto leaves out BlockPublicAccessStates',
    correct: async ({ region }, next, { blockModes }) => {
      const mode = `<internetGatewayBlockMode>${blockModes.get(region) ?? 'off'}</internetGatewayBlockMode>`;
      return edit(await next(), (body) =>
        body.replaceAll('<subnetId>', `<blockPublicAccessStates>${mode}</blockPublicAccessStates><subnetId>`),
      );
    },
  },
  {
    calls: ['ec2:DescribeVpcs'],
    because: 'moto calls the DHCP options of a new VPC `default`; AWS gives them an id',
    correct: async (_call, next) =>
      edit(await next(), (body) =>
        body.replaceAll('<dhcpOptionsId>default<', `<dhcpOptionsId>${defaultDhcpOptionsId}<`),
      ),
  },
  {
    calls: ['ec2:DescribeDhcpOptions'],
    because: 'moto does not list the default set of the Region, and refuses its id',
    correct: async ({ region, query }, next) => {
      const asked = listed(query, 'DhcpOptionsId');
      const isDefault = (id: string) => id === 'default' || id === defaultDhcpOptionsId;
      const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
      const entry = (key: string, value: string) =>
        `<item><key>${key}</key><valueSet><item><value>${value}</value></item></valueSet></item>`;
      const set =
        `<item><dhcpOptionsId>${defaultDhcpOptionsId}</dhcpOptionsId><dhcpConfigurationSet>` +
        `${entry('domain-name', domain)}${entry('domain-name-servers', 'AmazonProvidedDNS')}</dhcpConfigurationSet></item>`;
      if (asked.some(isDefault))
        return xml(
          200,
          `<DescribeDhcpOptionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><dhcpOptionsSet>${set}</dhcpOptionsSet></DescribeDhcpOptionsResponse>`,
        );
      const answered = await next();
      if (asked.length > 0) return answered;
      return edit(answered, (body) =>
        body
          .replace('<dhcpOptionsSet/>', '<dhcpOptionsSet></dhcpOptionsSet>')
          .replace('<dhcpOptionsSet>', `<dhcpOptionsSet>${set}`),
      );
    },
  },
  {
    calls: ['ec2:DescribePrefixLists'],
    because: 'moto leaves out the CIDR blocks of the lists',
    correct: async (call, next, lab) => {
      const answered = await next();
      const ids = [...answered.body.matchAll(/<prefixListId>([^<]+)</g)].map(([, id = '']) => id);
      const blocks = new Map<string, string>();
      for (const PrefixListId of ids) {
        const { body } = await lab.pass(call, form('GetManagedPrefixListEntries', { PrefixListId }));
        const cidrs = [...body.matchAll(/<cidr>([^<]+)</g)].map(([, cidr]) => `<item>${cidr}</item>`);
        blocks.set(PrefixListId, `<cidrSet>${cidrs.join('')}</cidrSet>`);
      }
      return edit(answered, (body) =>
        body.replace(/<prefixListId>([^<]+)</g, (field, id: string) => `${blocks.get(id)}${field}`),
      );
    },
  },
  {
    calls: ['ecr:CreatePullThroughCacheRule', 'ecr:DescribePullThroughCacheRules'],
    because: 'moto has no pull-through cache',
    correct: async ({ action, region, json }, _next, { pullThroughCacheRules }) => {
      const rules = pullThroughCacheRules.get(region) ?? [];
      if (action === 'DescribePullThroughCacheRules') return jsonAnswer({ pullThroughCacheRules: rules });
      pullThroughCacheRules.set(region, [...rules, json]);
      return jsonAnswer(json);
    },
  },
  {
    calls: ['ecr:PutImage'],
    because: 'moto takes the size of the configuration for that of the image; remembered for DescribeImages',
    correct: async ({ json }, next, { imageSizes }) => {
      const answered = await next();
      const digest = parse(answered.body)['image']?.imageId?.imageDigest;
      const { config, layers = [] } = parse(json['imageManifest'] ?? '{}');
      const parts: { size?: number }[] = [config, ...layers];
      if (digest)
        imageSizes.set(
          `${json['repositoryName']}@${digest}`,
          parts.reduce((sum, part) => sum + (part?.size ?? 0), 0),
        );
      return answered;
    },
  },
  {
    calls: ['ecr:UpdateImageStorageClass'],
    because: 'moto has no archive of images; remembered for DescribeImages',
    correct: async ({ json }, _next, { archived }) => {
      const { registryId, repositoryName, imageId, targetStorageClass } = json;
      const image = `${repositoryName}@${imageId.imageDigest}`;
      if (targetStorageClass === 'ARCHIVE') archived.add(image);
      else archived.delete(image);
      const imageStatus = targetStorageClass === 'ARCHIVE' ? 'ARCHIVED' : 'ACTIVATING';
      return jsonAnswer({ registryId, repositoryName, imageId, imageStatus });
    },
  },
  {
    calls: ['ecr:DescribeImages'],
    because: 'moto leaves out the status of an image, ignores a filter by it, and gets the size wrong',
    correct: async ({ json }, next, { archived, imageSizes }) => {
      const answered = await next();
      if (answered.status !== 200) return answered;
      const wanted = json['filter']?.imageStatus ?? 'ACTIVE';
      const all: Json[] = parse(answered.body)['imageDetails'].map((image: Json) => ({
        ...image,
        imageStatus: archived.has(`${json['repositoryName']}@${image['imageDigest']}`)
          ? 'ARCHIVED'
          : 'ACTIVE',
        imageSizeInBytes:
          imageSizes.get(`${json['repositoryName']}@${image['imageDigest']}`) ?? image['imageSizeInBytes'],
      }));
      const imageDetails = all.filter(({ imageStatus }) => wanted === 'ANY' || imageStatus === wanted);
      if (json['imageIds'] && all.length > 0 && imageDetails.length === 0)
        return jsonAnswer({ __type: 'ImageNotFoundException', message: 'The image is archived' }, 400);
      return jsonAnswer({ imageDetails });
    },
  },
  {
    calls: ['ecs:DescribeServices'],
    because: 'moto leaves the primary deployment as it was when UpdateService changes the network settings',
    correct: async (_call, next) => {
      const answered = await next();
      if (answered.status !== 200) return answered;
      const described = parse(answered.body);
      for (const service of described['services'])
        for (const deployment of service.deployments)
          if (deployment.status === 'PRIMARY') deployment.networkConfiguration = service.networkConfiguration;
      return jsonAnswer(described);
    },
  },
  {
    calls: ['ecs:DescribeTasks'],
    because:
      'moto shows one container of a stopped task, no reason, no stop code, and no failure for a task it does not know',
    correct: async ({ json }, next, { stoppedTasks }) => {
      const answered = await next();
      if (answered.status !== 200) return answered;
      const { tasks = [], failures = [] } = parse(answered.body);
      for (const asked of json['tasks'] as string[]) {
        const registered = [...stoppedTasks.values()].find(
          ({ taskArn }) => taskArn === asked || taskArn.endsWith(`/${asked}`),
        );
        if (registered) tasks.push(asApiTask(registered));
        else if (!tasks.some(({ taskArn }: Json) => taskArn === asked))
          failures.push({ arn: asked, reason: 'MISSING' });
      }
      return jsonAnswer({ tasks, failures });
    },
  },
  {
    calls: ['ecs:ListTasks'],
    because: 'moto knows no task that could not start, and ignores the filter by service',
    correct: async ({ json }, next, { stoppedTasks }) => {
      if (json['desiredStatus'] !== 'STOPPED') return next();
      const cluster = String(json['cluster'] ?? 'default')
        .split('/')
        .at(-1);
      const matching = [...stoppedTasks.values()].filter(
        ({ clusterArn, group }) =>
          clusterArn.endsWith(`/${cluster}`) &&
          (!json['serviceName'] || group === `service:${json['serviceName']}`),
      );
      return jsonAnswer({ taskArns: matching.map(({ taskArn }) => taskArn) });
    },
  },
];

async function answer(request: IncomingMessage, lab: Lab): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  // How the worlds register the task of an event they made: moto cannot stop a task as ECS does.
  if (request.url === '/stand-in/stopped-tasks') {
    const task = parse(body);
    lab.stoppedTasks.set(task['taskArn'], task);
    return jsonAnswer({});
  }
  if (request.url === '/stand-in/settings') {
    for (const [name, entries] of Object.entries(parse(body)))
      for (const [key, value] of Object.entries(entries as Json))
        (lab.settings as Record<string, Map<string, unknown>>)[name]?.set(key, value);
    return jsonAnswer({});
  }
  const call = callOf(request, body);
  const name = `${call.service}:${call.action}`;
  const chain = corrections
    .filter(({ calls }) => calls.includes(name))
    .reduceRight<Next>(
      (next, one) => () => one.correct(call, next, lab),
      () => lab.pass(call, body),
    );
  return chain();
}

function callOf(request: IncomingMessage, body: string): Call {
  const { authorization = '', 'x-amz-target': target } = request.headers;
  const [, region = '', service = ''] =
    /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(authorization) ?? [];
  const isJson = typeof target === 'string';
  const query = new URLSearchParams(isJson ? '' : body);
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === 'string' && !/^(?:host|connection|content-length|expect|accept-encoding)$/.test(name)
      ? [[name, value] as const]
      : [],
  );
  return {
    service,
    region,
    action: isJson ? (target.split('.').at(-1) ?? '') : (query.get('Action') ?? ''),
    query,
    json: isJson ? parse(body || '{}') : {},
    headers: Object.fromEntries(headers),
    method: request.method ?? 'POST',
    path: request.url ?? '/',
  };
}

/** IAM clients, one for each Region that is asked from. */
function iamThrough(endpoint: string): (region: string) => IAM {
  const made = new Map<string, IAM>();
  return (region) => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const iam = made.get(region) ?? new IAM({ endpoint, region, credentials });
    made.set(region, iam);
    return iam;
  };
}

const newLab = (motoUrl: string): Lab => ({
  deadTargets: new Set(),
  endpointsWithoutPrivateDns: new Set(),
  blockModes: new Map(),
  imageSizes: new Map(),
  archived: new Set(),
  ruleDescriptions: new Map(),
  pullThroughCacheRules: new Map(),
  settings: {
    dnsFirewall: new Map(),
    subnetOwners: new Map(),
    endpointStates: new Map(),
    registryPolicies: new Map(),
    organizationDenies: new Map(),
  },
  stoppedTasks: new Map(),
  iamIn: iamThrough(motoUrl),
  // The signature no longer fits a changed body; moto reads only its credential scope.
  async pass({ headers, method, path }, body = '') {
    const response = await fetch(`${motoUrl}${path}`, { method, headers, ...(body && { body }) });
    const type = response.headers.get('content-type') ?? 'text/xml';
    return { status: response.status, type, body: await response.text() };
  },
});

const parse = (body: string): Json => JSON.parse(body) as Json;
const xml = (status: number, body: string): Answer => ({ status, type: 'text/xml', body });
const jsonAnswer = (value: Json, status = 200): Answer => ({
  status,
  type: 'application/x-amz-json-1.1',
  body: JSON.stringify(value),
});
const edit = (answered: Answer, change: (body: string) => string): Answer =>
  answered.status === 200 ? { ...answered, body: change(answered.body) } : answered;
const form = (Action: string, parameters: Record<string, string>) =>
  new URLSearchParams({ Action, Version: '2016-11-15', ...parameters }).toString();
const listed = (query: URLSearchParams, name: string) =>
  [...query].flatMap(([key, value]) => (new RegExp(`^${name}\\.\\d+$`).test(key) ? [value] : []));

async function s3PrefixList(call: Call, lab: Lab): Promise<string> {
  const { body } = await lab.pass(call, form('DescribePrefixLists', {}));
  const found = new RegExp(
    `<prefixListId>([^<]+)</prefixListId><prefixListName>com.amazonaws.${call.region}.s3<`,
  ).exec(body);
  if (!found?.[1]) throw new Error(`no S3 prefix list in ${call.region}`);
  return found[1];
}

/** Events give ISO 8601 times and the type `eni`; DescribeTasks gives seconds and another name. */
function asApiTask(task: Json): Json {
  const times = Object.entries(task).flatMap(([name, value]) =>
    name.endsWith('At') ? [[name, Date.parse(value) / 1000]] : [],
  );
  const attachments = (task['attachments'] ?? []).map((one: Json) =>
    one['type'] === 'eni' ? { ...one, type: 'ElasticNetworkInterface' } : one,
  );
  return { ...task, ...Object.fromEntries(times), attachments };
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}
interface Policies {
  readonly identity: readonly Statement[];
  /** `null`: the role has no permissions boundary. */
  readonly boundary: readonly Statement[] | null;
}
type Decision = 'allowed' | 'explicitDeny' | 'implicitDeny';

async function policiesOf(roleArn: string, iam: IAM): Promise<Policies | null> {
  const RoleName = roleArn.split('/').at(-1) ?? '';
  const role = await iam.getRole({ RoleName }).catch((error: Error) => {
    if (error.name.startsWith('NoSuchEntity')) return null;
    throw error;
  });
  if (role?.Role?.Arn !== roleArn) return null;
  const { AttachedPolicies = [] } = await iam.listAttachedRolePolicies({ RoleName });
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
  const attached = AttachedPolicies.map(({ PolicyArn }) => managedPolicy(PolicyArn ?? '', iam));
  const inline = PolicyNames.map(async (PolicyName) =>
    statementsOf((await iam.getRolePolicy({ RoleName, PolicyName })).PolicyDocument),
  );
  const boundaryArn = role.Role.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    identity: (await Promise.all([...attached, ...inline])).flat(),
    boundary: boundaryArn ? await managedPolicy(boundaryArn, iam) : null,
  };
}

async function managedPolicy(PolicyArn: string, iam: IAM): Promise<readonly Statement[]> {
  const { Policy } = await iam.getPolicy({ PolicyArn });
  const VersionId = Policy?.DefaultVersionId;
  return statementsOf((await iam.getPolicyVersion({ PolicyArn, VersionId })).PolicyVersion?.Document);
}

const statementsOf = (document: string | undefined): readonly Statement[] =>
  list(parse(decodeURIComponent(document ?? '{}'))['Statement'] as Statement | Statement[]);

const list = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html */
function simulation(
  { identity, boundary }: Policies,
  query: URLSearchParams,
  denied: readonly string[],
): string {
  const actions = listed(query, 'ActionNames.member');
  const resources = listed(query, 'ResourceArns.member');
  const context = contextOf(query);
  const results = actions.map((action) => {
    if (denied.includes(action)) return organizationDenial(action, resources);
    const each = (resources.length > 0 ? resources : ['*']).map((resource) => {
      const byIdentity = decide(identity, action, resource, context);
      const byBoundary = boundary && decide(boundary, action, resource, context);
      const limited = byBoundary && byBoundary.decision !== 'allowed';
      return {
        resource,
        decision: worstOf(byIdentity.decision, byBoundary?.decision ?? 'allowed'),
        missing: [...new Set([...byIdentity.missing, ...(byBoundary?.missing ?? [])])],
        boundary: byBoundary
          ? `<PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>${!limited}</AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail>`
          : '',
      };
    });
    const decision = each.find((one) => one.decision !== 'allowed')?.decision ?? 'allowed';
    const forAll = each.length === 1 && each[0]?.resource === '*' ? each[0] : null;
    // AWS lists the missing keys with each resource if resources are named, else with the action.
    const specific = each.map(
      (one) =>
        `<member><EvalResourceName>${one.resource}</EvalResourceName><EvalResourceDecision>${one.decision}</EvalResourceDecision>` +
        `<MatchedStatements/>${missingKeys(one.missing)}${one.boundary}</member>`,
    );
    return (
      `<member><EvalActionName>${action}</EvalActionName><EvalResourceName>${each[0]?.resource}</EvalResourceName>` +
      `<EvalDecision>${decision}</EvalDecision><MatchedStatements/>${missingKeys(forAll?.missing ?? [])}` +
      '<OrganizationsDecisionDetail><AllowedByOrganizations>true</AllowedByOrganizations></OrganizationsDecisionDetail>' +
      `${each.find((one) => one.decision === decision)?.boundary ?? ''}` +
      `${forAll ? '' : `<ResourceSpecificResults>${specific.join('')}</ResourceSpecificResults>`}</member>`
    );
  });
  return (
    '<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult>' +
    `<IsTruncated>false</IsTruncated><EvaluationResults>${results.join('')}</EvaluationResults>` +
    '</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>'
  );
}

/** A denial wins, and both must allow. */
const worstOf = (...decisions: readonly Decision[]): Decision =>
  (['explicitDeny', 'implicitDeny'] as const).find((one) => decisions.includes(one)) ?? 'allowed';

/** AWS ends the simulation there, and gives no details. */
const organizationDenial = (action: string, resources: readonly string[]) =>
  `<member><EvalActionName>${action}</EvalActionName><EvalResourceName>${resources[0] ?? '*'}</EvalResourceName>` +
  '<EvalDecision>explicitDeny</EvalDecision><MatchedStatements/><MissingContextValues/>' +
  '<OrganizationsDecisionDetail><AllowedByOrganizations>false</AllowedByOrganizations></OrganizationsDecisionDetail></member>';

const missingKeys = (keys: readonly string[]) =>
  `<MissingContextValues>${keys.map((key) => `<member>${key}</member>`).join('')}</MissingContextValues>`;

const iamError = (code: string, message: string) =>
  '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>' +
  `<Code>${code}</Code><Message>${message}</Message></Error><RequestId>stand-in</RequestId></ErrorResponse>`;

function contextOf(query: URLSearchParams): Map<string, string> {
  const context = new Map<string, string>();
  for (const [key, value] of query) {
    const entry = /^ContextEntries\.member\.\d+/.exec(key)?.[0];
    if (entry && key.endsWith('.ContextKeyName'))
      context.set(value.toLowerCase(), query.get(`${entry}.ContextKeyValues.member.1`) ?? '');
  }
  return context;
}

/** An explicit deny wins, then an allow; nothing at all is an implicit deny. */
function decide(
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: Map<string, string>,
) {
  const missing: string[] = [];
  const effects = statements
    .filter((one) =>
      one.NotAction ? !anyLike(one.NotAction, action, 'i') : anyLike(one.Action, action, 'i'),
    )
    .filter((one) =>
      one.NotResource ? !anyLike(one.NotResource, resource) : anyLike(one.Resource, resource),
    )
    .filter((one) => conditionsHold(one, context, missing))
    .map(({ Effect }) => Effect);
  const decision: Decision = effects.includes('Deny')
    ? 'explicitDeny'
    : effects.includes('Allow')
      ? 'allowed'
      : 'implicitDeny';
  return { decision, missing };
}

/** A key that was not given is reported as missing, and its condition does not hold unless it is negated or optional. */
function conditionsHold(
  { Condition = {} }: Statement,
  context: Map<string, string>,
  missing: string[],
): boolean {
  const tests = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, wanted]) => {
      const parsed = /^(String|Arn|Bool)(Not)?(Equals|Like)?(IfExists)?$/.exec(operator);
      if (!parsed) throw new Error(`the policy simulation does not know the operator ${operator}`);
      const [, kind, not, how, ifExists] = parsed;
      const given = context.get(key.toLowerCase());
      if (given === undefined) {
        missing.push(key);
        return Boolean(not || ifExists);
      }
      const same = how === 'Like' || kind === 'Arn' ? anyLike(wanted, given) : list(wanted).includes(given);
      return not ? !same : same;
    }),
  );
  return tests.every(Boolean);
}

const anyLike = (patterns: string | string[] | undefined, value: string, flags = '') =>
  list(patterns).some((pattern) => {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${escaped}$`, `${flags}s`).test(value);
  });
