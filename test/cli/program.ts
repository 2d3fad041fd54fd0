import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The bundled program as users get it, in a folder of its own. */
export function bundledProgram() {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-pull-doctor-'));
  execFileSync(process.execPath, [join(root, 'scripts/bundle.mjs'), 'cli', folder], { cwd: root });

  const run = (
    args: readonly string[],
    {
      stdin = '',
      stdinAfter = 0,
      env = {},
    }: { stdin?: string | Buffer; stdinAfter?: number; env?: Record<string, string | undefined> } = {},
  ): Promise<Run> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [join(folder, 'cli.mjs'), ...args], {
        cwd: folder,
        env: { PATH: process.env['PATH'], HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', ...env },
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
      child.stdin.on('error', () => {});
      setTimeout(() => child.stdin.end(stdin), stdinAfter);
    });

  return { folder, run, remove: () => rmSync(folder, { recursive: true }) };
}
