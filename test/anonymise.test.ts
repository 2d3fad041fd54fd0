import { describe, expect, test } from '@jest/globals';
import { movedAddresses } from '../lambda/anonymise/addresses.ts';
import { anonymise } from '../lambda/anonymise/anonymise.ts';
import { collect } from '../lambda/collect/collect.ts';
import { diagnose } from '../lambda/diagnose.ts';
import { stoppedTask } from '../lambda/event.ts';
import type { Diagnosis } from '../lambda/model/diagnosis.ts';
import type { StoppedTask } from '../lambda/model/facts.ts';
import { covers } from '../lambda/network/cidr.ts';
import { fakeAws } from './support/account.ts';
import { diagnosisOf, snapshotNames, snapshotOf } from './support/snapshots.ts';
import { inTurn } from './support/whole.ts';
import { privateLinkWorld, stoppedEvent } from './support/worlds.ts';

const keys = [1, 0x7fff_ffff, 20_261_124];
const told = ({ conclusion, causes, suspects, otherProblems, ruledOut, paths }: Diagnosis) => ({
  conclusion,
  findings: [causes, suspects, otherProblems, ruledOut].map((list) => list.map(({ check }) => check.id)),
  verdicts: paths.map(({ hops }) => hops.map(({ verdict }) => verdict)),
});

describe('an anonymous incident', () => {
  test.each(snapshotNames.map((name, turn) => [name, turn] as const))(
    'leads to the same diagnosis: %s',
    (name, turn) => {
      for (const key of inTurn(keys, keys.length, turn))
        expect(told(diagnose(anonymise(snapshotOf(name), key)))).toEqual(told(diagnosisOf(name)));
    },
  );

  test.each(snapshotNames)('quotes the images as it names them: %s', (name) => {
    const { images, error } = diagnosisOf(name);

    const anonymous = diagnose(anonymise(snapshotOf(name), 77));

    expect(anonymous.images.map((one) => anonymous.error.includes(one))).toEqual(
      images.map((one) => error.includes(one)),
    );
  });

  test('holds no name, id or address of the account', async () => {
    const image = 'registry.bigcorp.internal:5000/bigteam/pay:rel-2026.4';
    const account = privateLinkWorld();
    account.SecurityGroups[0] = {
      ...(account.SecurityGroups[0] as never as object),
      GroupName: 'bigcorp-sg',
    } as never;
    Object.assign(account.VpcEndpoints[2] ?? {}, {
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'BigcorpOnly',
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::111122223333:user/jane.bigcorp' },
            Action: 's3:*',
            Resource: 'arn:aws:s3:::bigcorp-data/*',
            Condition: {
              StringEquals: { 'aws:PrincipalOrgID': 'o-bigorg12', 'aws:PrincipalTag/bigteam': 'x' },
            },
          },
        ],
      }),
    });
    account.DhcpOptions[0]?.DhcpConfigurations[0]?.Values.push({ Value: '2001:db8:77::53' });
    account.taskDefinition['containerDefinitions'] = [
      {
        name: 'bigpay',
        image,
        repositoryCredentials: {
          credentialsParameter: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:bigcorp/reg-AbCdEf',
        },
        secrets: [{ name: 'x', valueFrom: 'arn:aws:ssm:eu-west-1:111122223333:parameter/bigcorp/db' }],
      },
    ];
    const text = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: failed to do request: Head "https://registry.bigcorp.internal:5000/v2/bigteam/pay/manifests/rel-2026.4": dial tcp 10.0.7.9:443: i/o timeout`;
    const event = stoppedEvent({
      text,
      image,
      detail: {
        group: 'service:bigpay',
        startedBy: 'ecs-svc/9876543210987654321',
        clusterArn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/bigcorp-live',
        taskArn: 'arn:aws:ecs:eu-west-1:111122223333:task/bigcorp-live/0123456789abcdef0123456789abcdef',
      },
    });
    const snapshot = await collect(stoppedTask(event) as StoppedTask, fakeAws(account), new Date(0));

    for (const key of keys) {
      const written = JSON.stringify(anonymise(snapshot, key));

      expect(written).not.toMatch(
        /bigcorp|bigteam|bigorg|bigpay|jane|AbCdEf|ecsTaskExecutionRole|rel-2026|111122223333|9876543210/i,
      );
      expect(written).not.toMatch(/0123456789abcdef|0task|0endpoints|10\.0\.|2001:db8:77|52\.216\./);
      // What failed can still be read.
      expect(written).toMatch(
        /pull image manifest has been retried 1 time\(s\): failed to resolve ref .* i\/o timeout/,
      );
    }
  });
});

test.each([
  ['10.0.1.77', '10.0.1.0/24', '10.0.0.0/16'],
  ['172.20.4.2', '172.20.0.0/20', '172.16.0.0/12'],
  ['192.168.7.9', '192.168.7.0/26', '192.168.0.0/16'],
  ['198.19.7.9', '198.19.7.0/26', '198.18.0.0/15'],
  ['52.216.3.4', '52.216.0.0/15', '0.0.0.0/1'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64', '2001:db8::/32'],
])('%s still lies in its blocks, and is another address', (address, narrow, wide) => {
  for (const key of keys) {
    const [other, inner, outer] = [address, narrow, wide].map((one) => movedAddresses(one, key)) as [
      string,
      string,
      string,
    ];

    expect(other).not.toBe(address);
    expect(covers(inner, other)).toBe('all');
    expect(covers(outer, inner)).toBe('all');
  }
});

test.each(['0.0.0.0/0', '128.0.0.0/1', '169.254.169.253', '::/0', 'fd00:ec2::253'])(
  '%s means something, and stays',
  (text) => {
    for (const key of keys) expect(movedAddresses(text, key)).toBe(text);
  },
);

test.each(['2026-11-20T03:02:00Z', '2026-11-20T04:02:00.5+01:00', '1795143720'])(
  'a time in a policy stays what it is: %s',
  (time) => {
    const snapshot = snapshotOf('healthy-nat-umbrella');
    const { pullingRole } = snapshot.facts;
    if (pullingRole.status !== 'known' || !pullingRole.value?.role) throw new Error('it has a role');
    const Condition = {
      DateLessThan: { 'aws:CurrentTime': time },
      StringEquals: { 'sts:ExternalId': '1795143721' },
    };
    const trustPolicy = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Condition } });
    const role = { ...pullingRole.value.role, trustPolicy };
    const facts = {
      ...snapshot.facts,
      pullingRole: { status: 'known' as const, value: { ...pullingRole.value, role } },
    };

    const anonymous = JSON.stringify(anonymise({ ...snapshot, facts }, 7));

    expect(anonymous).toContain(time);
    expect(anonymous).not.toContain('1795143721');
  },
);
