import { anonymise } from './anonymise.ts';
import { checks } from './checks.ts';
import { demo } from './demo.ts';
import { diagnose } from './diagnose.ts';
import { explain } from './explain.ts';
import { preflight } from './preflight.ts';
import { remediate } from './remediate.ts';
import { replay } from './replay.ts';
import { undo } from './undo.ts';

/** What a command is to the command line. */
export interface Command {
  readonly summary: string;
  readonly help: string;
  /** Gives the exit code. */
  run(args: readonly string[]): Promise<number> | number;
}

/** Every command by its name. */
export const commands = {
  diagnose,
  preflight,
  remediate,
  undo,
  explain,
  replay,
  anonymise,
  checks,
  demo,
} satisfies Record<string, Command>;
