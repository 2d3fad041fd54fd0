import { expect, test } from '@jest/globals';
import { diagnose } from '../../lambda/diagnose.ts';
import type { CollectedFacts } from '../../lambda/model/facts.ts';
import type { Hop, Path } from '../../lambda/model/network.ts';
import { ask, everyImage, known, refused } from '../support/asking.ts';
import { askOfPaths, hop, path } from '../support/paths.ts';
import { snapshotNames, snapshotOf } from '../support/snapshots.ts';
import { texts } from '../support/worlds.ts';

const towards = (subnetId: string, hops: readonly Hop[], service = 'ecr.api'): Path =>
  path(subnetId, 'token', hops, {
    destination: { host: `${service}.example.com`, step: 'token', service, region: 'eu-west-1' },
  });

/** The commands that a check of the network offers. */
function commandsOf(
  id: string,
  paths: readonly Path[],
  uses: Partial<CollectedFacts> = {},
  zones: Readonly<Record<string, string | null>> = {},
): readonly string[] {
  const subnets = [...new Set(paths.map(({ subnetId }) => subnetId))].map((subnetId) => ({
    subnetId,
    availabilityZone: zones[subnetId] ?? null,
  }));
  const outcome = askOfPaths(id, paths, { subnets, uses });
  return outcome.status === 'found' ? outcome.fixes.flatMap(({ cli }) => cli ?? []) : [];
}

test('where the rules are not known, the reader chooses the number', () => {
  const [command] = commandsOf('network-acl-blocks-registry', [
    towards('a', [
      hop('network-acl-blocks-registry', {
        at: 'acl-0a1',
        is: 'network ACL',
        resources: ['acl-0a1'],
        traffic: { direction: 'out', ports: [443, 443], rule: 50 },
      }),
    ]),
  ]);

  expect(command).toContain('--rule-number <lower number>');
});

const missing = (table: string, service = 'com.amazonaws.eu-west-1.ecr.api') =>
  hop('endpoint-missing', { resources: ['vpc-0a1', service, table] });
const group = (verdict: Hop['verdict']) =>
  hop('endpoint-security-group-closed', {
    is: 'endpoint security group',
    verdict,
    resources: ['vpce-0a1', 'sg-0a1'],
  });

test('an interface endpoint stands in a subnet of each Availability Zone', () => {
  const paths = ['a', 'b', 'c'].map((subnetId) => towards(subnetId, [missing('rtb-0a1')]));
  const command = (zones: Readonly<Record<string, string | null>>) =>
    /--subnet-ids (.*) --security/.exec(commandsOf('endpoint-missing', paths, {}, zones)[0] ?? '')?.[1];

  expect(command({ a: 'eu-west-1a', b: 'eu-west-1a', c: 'eu-west-1b' })).toBe('b c');
  // Where the zones are not known, all are named, and AWS says which is one too many.
  expect(command({})).toBe('a b c');
});

test('each endpoint that is missing is created where it is missing', () => {
  const dkr = missing('rtb-0a1', 'com.amazonaws.eu-west-1.ecr.dkr');
  const commands = commandsOf('endpoint-missing', [
    towards('a', [missing('rtb-0a1')]),
    towards('b', [dkr], 'ecr.dkr'),
  ]);

  expect(commands).toEqual([
    expect.stringMatching(/ecr\.api --subnet-ids a --/),
    expect.stringMatching(/ecr\.dkr --subnet-ids b --/),
  ]);
});

test('a gateway endpoint is put on the table of each subnet that lacks it', () => {
  const s3 = 'com.amazonaws.eu-west-1.s3';
  const commands = commandsOf('endpoint-missing', [
    towards('a', [missing('rtb-0a1', s3)], 's3'),
    towards('b', [missing('rtb-0b1', s3)], 's3'),
  ]);

  expect(commands).toEqual([expect.stringMatching(/--route-table-ids rtb-0a1 rtb-0b1$/)]);
});

test.each<[Hop['verdict'], string]>([
  ['open', 'sg-0a1'],
  ['closed', '<security group that admits the tasks>'],
  ['unknown', '<security group that admits the tasks>'],
])('a group of another endpoint is proposed only if it lets the task in: %s', (verdict, proposed) => {
  const paths = [towards('a', [group(verdict)], 'ecr.dkr'), towards('a', [missing('rtb-0a1')])];

  expect(commandsOf('endpoint-missing', paths)[0]).toContain(`--security-group-ids ${proposed} --`);
});

test('an endpoint lets in the groups of the task or, where those are not known, the block of its subnet', () => {
  const ending = towards('subnet-0b1', [group('closed')]);
  const subnets = [
    { subnetId: 'subnet-0a1', cidrBlock: '10.0.1.0/24' },
    { subnetId: 'subnet-0b1', cidrBlock: '10.0.2.0/24' },
  ];
  const fixOf = (uses: Partial<CollectedFacts> = {}) => {
    const outcome = askOfPaths('endpoint-security-group-closed', [ending], { subnets, uses });
    return outcome.status === 'found' ? outcome.fixes[0] : undefined;
  };

  expect(fixOf({ securityGroupIds: known(['sg-0task']) })).toMatchObject({
    do: 'Allow TCP port 443 into `sg-0a1` from `sg-0task`, a security group of the task',
    cli: expect.stringMatching(/ --source-group sg-0task$/),
  });
  expect(fixOf()).toMatchObject({
    do: 'Allow TCP port 443 into `sg-0a1` from the subnet `subnet-0b1` of the task',
    cli: expect.stringMatching(/ --cidr 10\.0\.2\.0\/24$/),
  });
});

test('a service that names no security groups goes on naming none', () => {
  const service = (securityGroupIds: readonly string[]) =>
    commandsOf('public-ip-missing', [towards('a', [hop('public-ip-missing')])], {
      service: known({
        network: { subnetIds: ['subnet-0a1', 'subnet-0b1'], securityGroupIds, assignPublicIp: false },
      } as never),
    })[0];

  expect(service([])).toContain(
    `'awsvpcConfiguration={subnets=[subnet-0a1,subnet-0b1],assignPublicIp=ENABLED}'`,
  );
  expect(service(['sg-0a1', 'sg-0b1'])).toContain('securityGroups=[sg-0a1,sg-0b1]');
});

const repository = 'repository-policy-denies-pull';
const denial =
  'CannotPullContainerError: User: arn:aws:sts::111122223333:assumed-role/ecsTaskExecutionRole/0123 is not authorized to perform: ecr:BatchGetImage on resource: x because no resource-based policy allows the ecr:BatchGetImage action';

test('whose repository it is is said where it is that of another account', () => {
  const repositoryArn = 'arn:aws:ecr:eu-west-1:444455556666:repository/team/web';
  const theirs = everyImage({ repositoryArn, repositoryPolicy: known(null) });

  expect(ask(repository, 'healthy-nat-umbrella', { ecrImages: theirs })).toMatchObject({
    fixes: [
      {
        do: expect.stringContaining('which account `444455556666` owns'),
        cli: expect.stringContaining('--registry-id 444455556666 --repository-name team/web '),
      },
    ],
  });
  expect(JSON.stringify(ask(repository, 'healthy-nat-umbrella', { text: denial }))).not.toContain('owns');
});

test('of a repository that is not known the name is left to the reader', () => {
  const unseen = { text: denial, ecrImages: () => refused, images: () => [] };

  expect(ask(repository, 'healthy-nat-umbrella', unseen)).toMatchObject({
    fixes: [{ cli: expect.stringContaining('--repository-name <repository> ') }],
  });
});

test('where the subnets could not be seen a policy is judged all the same', () => {
  const ecrImages = everyImage({
    repositoryPolicy: known(
      JSON.stringify({ Statement: [{ Effect: 'Deny', Principal: '*', Action: 'ecr:*' }] }),
    ),
  });
  const unseen = { text: texts.umbrella, subnets: () => refused, ecrImages };

  expect(ask(repository, 'healthy-nat-umbrella', unseen).status).toBe('found');
});

// The reader's own Region may be another one. IAM and Route 53 are one for all Regions.
test.each(snapshotNames)('every command names its Region: %s', (name) => {
  const { causes, otherProblems } = diagnose(snapshotOf(name));
  const commands = [...causes, ...otherProblems].flatMap(({ fixes }) =>
    fixes.flatMap(({ cli }) => cli ?? []),
  );
  const calls = commands.flatMap((one) => one.match(/\baws (?!iam |route53 )[^|&)]+/g) ?? []);

  expect(calls.filter((one) => !/ --region [\w-]+ /.test(`${one} `))).toEqual([]);
});

test('a zone whose other names may be needed is not taken away from the VPC by a command', () => {
  const fixOf = (...names: readonly string[]) => {
    const result = ask('private-zone-shadows-registry', 'private-zone-without-record', {
      privateZones: (zones) => (zones ?? []).map((zone) => ({ ...zone, recordNames: known(names) })),
    });
    return result.status === 'found' ? result.fixes[0] : undefined;
  };

  expect(fixOf()?.cli).toMatch(/^aws route53 disassociate-vpc-from-hosted-zone /);
  const needed = fixOf('a.example.com', 'b.example.com', 'c.example.com', 'd.example.com');
  expect(needed?.do).toMatch(/it has records for `a\.example\.com`, `b[^`]*`, `c[^`]*` and 1 more$/);
  expect(needed?.cli).toMatch(/^aws route53 list-resource-record-sets /);
});
