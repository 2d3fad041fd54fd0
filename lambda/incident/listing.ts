import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { callTime, dynamodb, itemsOf } from '../aws/dynamodb.ts';
import { withinTime } from '../aws/within-time.ts';
import { type Incident, isVictim, type Victim } from './items.ts';

/** Pages of the index, of 1 MB each: some 10,000 entries. */
const mostPages = 5;
/** Open incidents that are read; more than this nobody looks through. */
const mostOpen = 100;
/** Open victims of an incident that are read, to count their failures as they are now. */
const mostVictims = 100;

/** An open incident, and how it stands. */
export interface Standing {
  readonly incident: Incident;
  /** Failed tasks so far; `null` if too many services fail to add them up. */
  readonly failures: number | null;
  /** Some that fail now; `null` likewise. */
  readonly failing: readonly Victim[] | null;
}

/** Open incidents, the newest first. */
export interface OpenIncidents {
  readonly shown: readonly Standing[];
  /** How many more there are. */
  readonly more: number;
  /** Whether there may be even more: the index was not read to its end. */
  readonly isCut: boolean;
}

/** Reads the table of incidents for people who look; changes nothing. What DynamoDB refuses is thrown. */
export class IncidentListing {
  private readonly table: string;
  private readonly client: DynamoDBClient;

  constructor(table: string, client = dynamodb()) {
    this.table = table;
    this.client = client;
  }

  /** Whatever is open will wake, so it is in that index: with victims, which are passed over. */
  async open(): Promise<OpenIncidents> {
    const { ids, isCut } = await this.idsOf({
      IndexName: 'wake',
      KeyConditionExpression: 'wake = :y',
    });
    const incidents = ids.filter((id) => id.startsWith('incident '));
    const read = (
      (await itemsOf(this.client, this.table, incidents.slice(0, mostOpen))) as readonly (Incident | Victim)[]
    )
      .filter(isIncident)
      // The index is a moment behind: one may have ended meanwhile.
      .filter(({ endedAt }) => endedAt === undefined)
      .toSorted((a, b) => b.openedAt - a.openedAt);
    return {
      shown: await Promise.all(read.map((incident) => this.standing(incident))),
      more: Math.max(0, incidents.length - mostOpen),
      isCut,
    };
  }

  /** The incidents that ended last, the latest first. */
  async resolved(most: number): Promise<readonly Incident[]> {
    const { ids } = await this.idsOf(
      {
        IndexName: 'resolved',
        KeyConditionExpression: 'resolved = :y',
        ScanIndexForward: false,
        Limit: most,
      },
      1,
    );
    return (
      ((await itemsOf(this.client, this.table, ids)) as readonly (Incident | Victim)[])
        .filter(isIncident)
        // The index is a moment behind: one may have opened again.
        .filter((incident): incident is Incident & { endedAt: number } => incident.endedAt !== undefined)
        .toSorted((a, b) => b.endedAt - a.endedAt)
    );
  }

  private async standing(incident: Incident): Promise<Standing> {
    const ids = [...(incident.openVictims ?? [])];
    if (ids.length > mostVictims) return { incident, failures: null, failing: null };
    const failing = ((await itemsOf(this.client, this.table, ids)) as readonly (Incident | Victim)[]).filter(
      isVictim,
    );
    const failures = failing.reduce((sum, victim) => sum + victim.failures, incident.endedFailures);
    return { incident, failures, failing };
  }

  private async idsOf(
    query: Pick<QueryCommandInput, 'IndexName' | 'KeyConditionExpression' | 'ScanIndexForward' | 'Limit'>,
    pages = mostPages,
  ): Promise<{ ids: readonly string[]; isCut: boolean }> {
    const ids: string[] = [];
    let from: QueryCommandInput['ExclusiveStartKey'];
    for (let page = 0; page < pages; page += 1) {
      const command = new QueryCommand({
        ...query,
        TableName: this.table,
        ExpressionAttributeValues: marshall({ ':y': 'y' }),
        ...(from && { ExclusiveStartKey: from }),
      });
      const answer = await withinTime(callTime, (abortSignal) => this.client.send(command, { abortSignal }));
      if (!answer.Items) throw new Error('DynamoDB gave an empty answer');
      for (const item of answer.Items) ids.push(String(unmarshall(item)['id']));
      from = answer.LastEvaluatedKey;
      if (!from) return { ids, isCut: false };
    }
    return { ids, isCut: true };
  }
}

const isIncident = (item: Victim | Incident): item is Incident => !isVictim(item);
