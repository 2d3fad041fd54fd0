import { CallFailed } from '../../lambda/aws/call-failed.ts';
import { collect } from '../../lambda/collect/collect.ts';
import { diagnose } from '../../lambda/diagnose.ts';
import { stoppedTask } from '../../lambda/event.ts';
import type { StoppedTask } from '../../lambda/model/facts.ts';
import type { Plan, Run } from '../../lambda/model/remediation.ts';
import type { Tools } from '../../lambda/remediate/execute.ts';
import { type Planned, plansFor } from '../../lambda/remediate/plan.ts';
import { type Account, fakeAws } from '../support/account.ts';
import { type Extra, extra, fakeRemediationAccount, settingsOf } from '../support/remediation-account.ts';
import { scenarios } from '../support/scenario-list.ts';

export const now = new Date('2026-11-20T03:04:10Z');

/** What goes wrong with one call: it is refused, or its answer is lost before or after it took effect, or all ends there. */
export type Fault = 'refused' | 'lost' | 'late' | 'crash';
export const faults: readonly Fault[] = ['refused', 'lost', 'late', 'crash'];

/** The program is gone: nothing more is sent or written. */
export class Crash extends Error {}

/** An incident, an account that it is in, and all that a remediation works with. */
export interface Lab {
  readonly account: Account;
  readonly more: Extra;
  readonly tools: Tools;
  /** Runs as they were last written down. */
  readonly journal: Map<string, Run>;
  /** Calls and writes so far, in order. */
  readonly sent: string[];
  /** What goes wrong from now on; `null`: nothing. Counted from now. */
  fail(at: number, fault: Fault, forEver?: boolean): void;
  heal(): void;
  plans(): Promise<readonly Plan[]>;
  /** The same with what is declined. */
  planned(): Promise<readonly Planned[]>;
  readonly task: StoppedTask;
  causes(): Promise<readonly string[]>;
  /** All that a remediation can change, as a text. */
  settings(): string;
}

/** What is seen of an account, by all that it is: hundreds of runs begin in the same few. */
const looks = new Map<string, ReturnType<typeof lookAt>>();

async function lookAt(task: StoppedTask, account: Account) {
  const snapshot = await collect(task, fakeAws(account), now);
  return { snapshot, diagnosis: diagnose(snapshot) };
}

export function labOf(name: string, change: (account: Account, more: Extra) => void = () => {}): Lab {
  const scenario = scenarios.find((one) => one.name === name);
  const task = stoppedTask(scenario?.event);
  if (!scenario || !task) throw new Error(`there is no scenario ${name}`);
  const account = scenario.world();
  scenario.breaks?.(account);
  const more = extra();
  change(account, more);
  const aws = fakeRemediationAccount(account, more);
  const sent: string[] = [];
  const journal = new Map<string, Run>();
  let fault: { at: number; fault: Fault; forEver: boolean } | null = null;

  async function through<T>(what: string, effect: () => Promise<T>): Promise<T> {
    const hit = fault && (sent.length === fault.at || (sent.length > fault.at && fault.forEver));
    sent.push(what);
    if (!fault || !hit) return effect();
    if (fault.fault === 'crash') {
      fault = { ...fault, forEver: true };
      throw new Crash('the program ended');
    }
    if (fault.fault === 'late') await effect();
    throw new CallFailed(
      what,
      fault.fault === 'refused' ? 'AccessDenied' : 'TimeoutError',
      fault.fault === 'refused' ? 'refused' : 'no-answer',
    );
  }
  const write = (run: Run) =>
    through('journal', async () => void journal.set(run.id, JSON.parse(JSON.stringify(run)) as Run));
  const look = () => {
    const whole = JSON.stringify([name, account]);
    const looked = looks.get(whole) ?? lookAt(task, structuredClone(account));
    looks.set(whole, looked);
    return looked;
  };
  return {
    account,
    more,
    journal,
    sent,
    tools: {
      account: {
        look: ((action, input, region) =>
          through(action, () => aws.look(action, input, region))) as typeof aws.look,
        change: (one, region) => through(one.action, () => aws.change(one, region)),
      },
      journal: { begin: write, save: write },
      now: () => now,
    },
    fail: (at, kind, forEver = false) => {
      fault = { at: sent.length + at, fault: kind, forEver };
    },
    heal: () => {
      fault = null;
    },
    task,
    planned: async () => {
      const { snapshot, diagnosis } = await look();
      return plansFor(snapshot, diagnosis);
    },
    plans: async () => {
      const { snapshot, diagnosis } = await look();
      return plansFor(snapshot, diagnosis).flatMap((one) => (one.status === 'ready' ? [one.plan] : []));
    },
    causes: async () => (await look()).diagnosis.causes.map(({ check }) => check.id),
    settings: () => JSON.stringify(settingsOf(account, more), null, 1),
  };
}

/** One incident for each remediation, and one whose plan has two steps. */
export const incidents = {
  'allow-https-egress': 'task-group-closed',
  'allow-endpoint-ingress': 'endpoint-group-closed',
  'attach-execution-role-policy': 'role-without-manifest',
  'assign-public-ip': 'public-subnet-without-public-ip',
  'restore-archived-image': 'image-archived',
} as const;
