import { victimId } from './items.ts';
import { kinds } from './kind.ts';

/** A service is said to be well. */
export interface ServiceNews {
  readonly serviceArn: string;
  readonly accountId: string;
  readonly region: string;
  /** When it was so. Milliseconds since 1970. */
  readonly at: number;
  /** Ids under which the service may be known as a victim. */
  readonly victims: readonly string[];
}

const goodNews = new Set([
  'SERVICE_STEADY_STATE',
  'TASKSET_STEADY_STATE',
  'SERVICE_DESIRED_COUNT_UPDATED',
  'SERVICE_DEPLOYMENT_COMPLETED',
]);

/**
 * What an `ECS Service Action` or `ECS Deployment State Change` event says of a service that may be well again; `null` for any
 * other event. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
 */
export function serviceNews(event: unknown): ServiceNews | null {
  if (!isObject(event) || !isObject(event['detail'])) return null;
  const type = event['detail-type'];
  if (type !== 'ECS Service Action' && type !== 'ECS Deployment State Change') return null;
  if (!goodNews.has(String(event['detail']['eventName']))) return null;
  const [serviceArn] = Array.isArray(event['resources']) ? event['resources'] : [];
  const arn = /^arn:([a-z0-9-]+):ecs:([a-z0-9-]+):(\d{12}):service\/(?:([\w-]+)\/)?([\w-]+)$/.exec(
    typeof serviceArn === 'string' ? serviceArn : '',
  );
  if (!arn) return null;
  const [all, partition = '', region = '', accountId = '', cluster = 'default', name = ''] = arn;
  const said = event['detail']['clusterArn'];
  const clusterArn =
    typeof said === 'string' ? said : `arn:${partition}:ecs:${region}:${accountId}:cluster/${cluster}`;
  const time = Date.parse(String(event['time']));
  return {
    serviceArn: all,
    accountId,
    region,
    // An event without a time proves nothing about what came before it.
    at: Number.isNaN(time) ? 0 : time,
    victims: kinds.map((failureKind) =>
      victimId({ accountId, awsRegion: region, clusterArn, groupName: `service:${name}`, failureKind }),
    ),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
