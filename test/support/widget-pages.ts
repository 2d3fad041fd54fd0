import type { Incident, Victim } from '../../lambda/incident/items.ts';
import type { OpenIncidents } from '../../lambda/incident/listing.ts';
import { widgetWith } from '../../lambda/widget.ts';
import { incidentOf, openedAt } from './incidents.ts';

const minute = 60_000;

/** The answer of the widget's function for what the listing gives, or throws. */
export const widgetOf = (
  open: Partial<OpenIncidents> | Error,
  resolved: readonly Incident[] | Error = [],
  widgetContext: unknown = {},
): Promise<string> =>
  widgetWith(() => ({
    listing: {
      open: async () => {
        if (open instanceof Error) throw open;
        return { shown: [], more: 0, isCut: false, ...open };
      },
      resolved: async () => {
        if (resolved instanceof Error) throw resolved;
        return resolved;
      },
    },
    now: () => openedAt + 135 * minute,
  }))({ widgetContext });

const groups = ['service:web', 'service:api', 'service:worker', 'family:nightly', 'service:a', 'service:b'];
const victims = (many: number) => new Set(Array.from({ length: many }, (_, n) => `victim ${n}`));

/** Open incidents of scenarios, one after the other, each with some services that fail. */
export const openOf = (...scenarios: readonly string[]): OpenIncidents['shown'] =>
  scenarios.map((name, at) => {
    const incident = incidentOf(name, {
      openedAt: openedAt - at * 50 * minute,
      openVictims: victims(groups.length),
      hitVictims: victims(groups.length + 2),
    });
    const { clusterArn } = incident;
    return {
      incident,
      failures: 42 + at,
      failing: groups.map((groupName) => ({ clusterArn, groupName }) as Victim),
    };
  });

/** Incidents of scenarios that ended one after the other. */
export const resolvedOf = (...scenarios: readonly string[]): readonly Incident[] =>
  scenarios.map((name, at) => {
    const { openVictims: _, ...incident } = incidentOf(name, {
      endedAt: openedAt + (at + 1) * 17 * minute,
      endedFailures: 12,
      ...(at === 1 ? { ended_rolledBack: 2, ended_fixed: 1, hitVictims: victims(3) } : { ended_fixed: 1 }),
    });
    return incident;
  });

/** An error as the SDK throws it. */
export const errorCalled = (name: string) => Object.assign(new Error('no'), { name });
