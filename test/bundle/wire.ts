/** Names of lists in Amazon EC2's XML; the items are called `item`. Other names only begin with a small letter. */
const listNames: Readonly<Record<string, string>> = {
  Associations: 'associationSet',
  CidrBlockAssociationSet: 'cidrBlockAssociationSet',
  Cidrs: 'cidrSet',
  DhcpConfigurations: 'dhcpConfigurationSet',
  DhcpOptions: 'dhcpOptionsSet',
  Entries: 'entrySet',
  Groups: 'groupSet',
  InternetGateways: 'internetGatewaySet',
  Attachments: 'attachmentSet',
  Instances: 'instancesSet',
  NatGateways: 'natGatewaySet',
  NetworkAcls: 'networkAclSet',
  NetworkInterfaces: 'networkInterfaceSet',
  PrefixLists: 'prefixListSet',
  Reservations: 'reservationSet',
  RouteTableIds: 'routeTableIdSet',
  RouteTables: 'routeTableSet',
  Routes: 'routeSet',
  SecurityGroups: 'securityGroupInfo',
  SubnetIds: 'subnetIdSet',
  Subnets: 'subnetSet',
  UserIdGroupPairs: 'groups',
  Values: 'valueSet',
  VpcEndpoints: 'vpcEndpointSet',
  Vpcs: 'vpcSet',
};

const escapeXml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const element = (name: string, inner: string) => `<${name}>${inner}</${name}>`;

function xml(value: unknown, nameOf: (key: string, inner: unknown) => string, item: string): string {
  if (Array.isArray(value)) return value.map((one) => element(item, xml(one, nameOf, item))).join('');
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return escapeXml(String(value));
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => element(nameOf(key, inner), xml(inner, nameOf, item)))
    .join('');
}

/** What a service answers, in its own protocol. */
export const answer = {
  ec2: (action: string, output: unknown) =>
    element(
      `${action}Response`,
      xml(
        output,
        (key, inner) =>
          (Array.isArray(inner) ? listNames[key] : undefined) ?? key.charAt(0).toLowerCase() + key.slice(1),
        'item',
      ),
    ),
  query: (action: string, output: unknown) =>
    element(
      `${action}Response`,
      element(
        `${action}Result`,
        xml(output, (key) => key, 'member'),
      ),
    ),
  rest: (action: string, output: unknown) =>
    element(
      `${action}Response`,
      Object.entries(output ?? {})
        .map(([key, list]) =>
          element(
            key,
            xml(list, (name) => name, key.replace(/ies$/, 'y').replace(/s$/, '')),
          ),
        )
        .join(''),
    ),
  // Dates are seconds since 1970.
  json: (output: unknown) =>
    JSON.stringify(output, function (this: Record<string, unknown>, key, value) {
      const original = this[key];
      return original instanceof Date ? original.getTime() / 1_000 : value;
    }),
};

/** How a service refuses, in its own protocol. */
export const refusal: Readonly<Record<keyof typeof answer, (code: string) => string>> = {
  ec2: (code: string) =>
    `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors></Response>`,
  // AWS IAM leaves out the end of the SDK's names.
  query: (code: string) =>
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code.replace(/^(NoSuchEntity|ServiceFailure)Exception$/, '$1')}</Code><Message>no</Message></Error></ErrorResponse>`,
  rest: (code: string) =>
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
  json: (code: string) => JSON.stringify({ __type: code, message: 'no' }),
};

/** The input in a form: lists are spelled `SubnetId.1` and `ActionNames.member.1`. */
export function inputOf(form: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, value] of form) {
    const list = /^(\w+?)s?(?:\.member)?\.\d+$/.exec(name)?.[1];
    if (list === undefined) input[name] = value;
    else input[`${list}s`] = [...((input[`${list}s`] as string[] | undefined) ?? []), value];
  }
  return input;
}

/** The calls of services that spell them as paths, and their input. */
export function callOf(url: string): { readonly action: string; readonly input: Record<string, unknown> } {
  const { pathname, searchParams } = new URL(url, 'http://aws');
  const [, HostedZoneId] = /\/hostedzone\/(\w+)\/rrset$/.exec(pathname) ?? [];
  return HostedZoneId
    ? { action: 'ListResourceRecordSets', input: { HostedZoneId } }
    : { action: 'ListHostedZonesByVPC', input: Object.fromEntries(searchParams) };
}
