#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { type Command, commands } from './commands/index.ts';
import { unknownChoice } from './suggest.ts';

/** What `--help` says, from the commands themselves. */
function help(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  return `Says why an Amazon ECS task could not pull its image, with evidence and the fix.

Usage: ecs-pull-doctor <command> [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  .join('\n')}

  ecs-pull-doctor <command> --help   what a command takes, with examples
  ecs-pull-doctor --version

To begin with:
  ecs-pull-doctor demo                                         three incidents, without an account
  ecs-pull-doctor explain "CannotPullContainerError: …"        what an error text means, without an account
  ecs-pull-doctor diagnose --cluster prod --service web        a task of yours that could not pull
  ecs-pull-doctor preflight --cluster prod                     every service of a cluster, before one fails

Exit codes: 0 explained (explain: a pull failure; preflight: nothing found), 1 not explained or no pull failure (preflight:
something found), 2 could not run.
`;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined) {
    process.stderr.write(help());
    return 2;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const [about] = name === 'help' ? args : [];
    process.stdout.write(about === undefined ? help() : commandCalled(about).help);
    return 0;
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const command = commandCalled(name);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(command.help);
    return 0;
  }
  return command.run(args);
}

function commandCalled(name: string): Command {
  if (Object.hasOwn(commands, name)) return commands[name as keyof typeof commands];
  // Options of a command stand behind it.
  if (name.startsWith('-')) throw unknownChoice('option', name, ['--help', '--version']);
  throw unknownChoice('command', name, Object.keys(commands));
}

declare const ECS_PULL_DOCTOR_VERSION: string | undefined;

/** Written into the bundle when it is built; from the sources it is read from the package. */
function version(): string {
  if (typeof ECS_PULL_DOCTOR_VERSION === 'string') return ECS_PULL_DOCTOR_VERSION;
  return (
    JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  ).version;
}

// A reader that goes away (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // People get a sentence; who looks for a bug of ours sets DEBUG and gets the stack.
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`ecs-pull-doctor: ${message}\n`);
    if (process.env['DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = 2;
  },
);
