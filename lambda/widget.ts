import { tableNameFrom } from './aws/dynamodb.ts';
import { pathsFrom } from './incident/broken-paths.ts';
import type { Incident } from './incident/items.ts';
import { IncidentListing } from './incident/listing.ts';
import { type Way, waysOf } from './render/way.ts';
import { type Problem, type WidgetContext, widgetHtml } from './render/widget.ts';

/** Resolved incidents that are shown. */
const mostResolved = 10;

/** What the console shows when somebody asks what this function is. */
const description = `## Incidents of ecs-pull-doctor

Amazon ECS tasks that cannot pull their image: the open incidents with the way of the connection that ends, and those that were
resolved lately. The function reads the table of incidents and changes nothing.

It takes no parameters. Times are in the time zone of the dashboard.
`;

/** What the widget works with; tests bring their own. */
export interface Surroundings {
  readonly listing: Pick<IncidentListing, 'open' | 'resolved'>;
  readonly now: () => number;
}

/**
 * A function that CloudWatch calls for a custom widget. It answers HTML, or its description in Markdown.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html
 */
export const widgetWith =
  (surroundings: () => Surroundings) =>
  async (event: unknown): Promise<string> => {
    const { describe, widgetContext } = objectOf(event);
    if (describe) return description;
    const { listing, now } = surroundings();
    const [open, resolved] = await Promise.all([
      listing.open().catch(problemOf),
      listing.resolved(mostResolved).catch(problemOf),
    ]);
    return widgetHtml(
      {
        open:
          'problem' in open
            ? open
            : {
                ...open,
                shown: open.shown.map((standing) => ({ ...standing, ways: waysFor(standing.incident) })),
              },
        resolved,
        now: now(),
      },
      contextOf(widgetContext),
    );
  };

/** The ways that an incident was told with; `null` if what was kept of them cannot be read. */
function waysFor({ id, brokenPaths }: Incident): readonly Way[] | null {
  if (brokenPaths === undefined) return [];
  try {
    const { several, ...kept } = pathsFrom(brokenPaths);
    return waysOf(kept).map((way) => ({ ...way, oneOfSeveral: several }));
  } catch (error) {
    console.error({ cannotDraw: id, error: String(error) });
    return null;
  }
}

function problemOf(error: unknown): Problem {
  console.error({ cannotRead: 'the table of incidents', error: String(error) });
  return { problem: error instanceof Error ? error.name : String(error) };
}

/** What CloudWatch says of the dashboard; what it leaves out is as people have it most often. */
function contextOf(widgetContext: unknown): WidgetContext {
  const { theme, width, timezone } = objectOf(widgetContext);
  const { offsetISO } = objectOf(timezone);
  return {
    theme: theme === 'dark' ? 'dark' : 'light',
    width: typeof width === 'number' ? width : 600,
    offset: typeof offsetISO === 'string' && /^[+-]\d\d:\d\d$/.test(offsetISO) ? offsetISO : '+00:00',
  };
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** What lasts from one run to the next. */
let listing: IncidentListing | undefined;

/** The entry point of the function; it alone reads the environment. */
export const handler = widgetWith(() => {
  listing ??= new IncidentListing(tableNameFrom(process.env));
  return { listing, now: Date.now };
});
