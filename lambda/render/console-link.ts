/** In which partition and Region an id without an ARN is at home. */
export interface Home {
  readonly partition: string;
  readonly region: string;
}

/** https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html; a partition that is missing here has no public console. */
export const consoleDomains: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

/** IAM and Route 53 are global: a partition has one Region whose console shows them. */
const globalRegions: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
};

/** Pages of the VPC and EC2 consoles, by the beginning of the id. */
const pages: Readonly<Record<string, readonly [app: string, fragment: string]>> = {
  vpc: ['vpcconsole', 'VpcDetails:VpcId'],
  subnet: ['vpcconsole', 'SubnetDetails:subnetId'],
  rtb: ['vpcconsole', 'RouteTableDetails:RouteTableId'],
  acl: ['vpcconsole', 'NetworkAclDetails:networkAclId'],
  igw: ['vpcconsole', 'InternetGateway:internetGatewayId'],
  nat: ['vpcconsole', 'NatGatewayDetails:natGatewayId'],
  vpce: ['vpcconsole', 'EndpointDetails:vpcEndpointId'],
  dopt: ['vpcconsole', 'DhcpOptionsDetails:DhcpOptionsId'],
  tgw: ['vpcconsole', 'TransitGatewayDetails:transitGatewayId'],
  pcx: ['vpcconsole', 'PeeringConnectionDetails:VpcPeeringConnectionId'],
  sg: ['ec2', 'SecurityGroup:groupId'],
  i: ['ec2', 'InstanceDetails:instanceId'],
  eni: ['ec2', 'NetworkInterface:networkInterfaceId'],
};

/** The page of a resource (an id, an ARN or an image in Amazon ECR) in the AWS console of its own Region and partition. */
export function consoleLink(resource: string, home: Home): string | null {
  if (resource.startsWith('arn:')) return ofArn(resource);
  const [, account, inRegion, repository] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.[a-z.]+\/([a-z0-9._/-]+)/.exec(resource) ?? [];
  if (account && inRegion && repository)
    return ofArn(`arn:${home.partition}:ecr:${inRegion}:${account}:repository/${repository}`);
  const [, prefix = ''] = /^([a-z]+)-[0-9a-z]+$/.exec(resource) ?? [];
  const page = Object.hasOwn(pages, prefix) ? pages[prefix] : undefined;
  const host = hostOf(home);
  return page && host ? `${host}/${page[0]}/home?region=${home.region}#${page[1]}=${resource}` : null;
}

function hostOf({ partition, region }: Home): string | null {
  const domain = Object.hasOwn(consoleDomains, partition) ? consoleDomains[partition] : undefined;
  return domain && /^[a-z0-9-]+$/.test(region) ? `https://${region}.${domain}` : null;
}

function ofArn(arn: string): string | null {
  const [, partition = '', service = '', inRegion = '', account = '', ...rest] = arn.split(':');
  const region = inRegion || globalRegions[partition] || '';
  const host = hostOf({ partition, region });
  if (!host || !/^\d{0,12}$/.test(account)) return null;
  const [kind = '', ...path] = rest.join(':').split(/[/:]/).map(encodeURIComponent);
  const [first = '', second = ''] = path;
  if (!first) return null;
  const at = `region=${region}`;
  switch (`${service} ${kind}`) {
    case 'ecs service':
      return second ? `${host}/ecs/v2/clusters/${first}/services/${second}/health?${at}` : null;
    case 'ecs task':
      return second ? `${host}/ecs/v2/clusters/${first}/tasks/${second}/configuration?${at}` : null;
    case 'ecs cluster':
      return `${host}/ecs/v2/clusters/${first}/services?${at}`;
    case 'ecs task-definition':
      return second ? `${host}/ecs/v2/task-definitions/${first}/${second}/containers?${at}` : null;
    case 'ecr repository':
      return `${host}/ecr/repositories/private/${account}/${path.join('/')}?${at}`;
    case 'iam role':
      return `${host}/iam/home#/roles/details/${path.at(-1)}`;
    case 'iam policy':
      return `${host}/iam/home#/policies/details/${encodeURIComponent(arn)}`;
    case 'kms key':
      return `${host}/kms/home?${at}#/kms/keys/${first}`;
    case 'secretsmanager secret':
      // The ARN ends with a hyphen and six characters that are not part of the name.
      return `${host}/secretsmanager/secret?name=${path.join('%2F').replace(/-\w{6}$/, '')}&${at}`;
    default:
      return null;
  }
}
