import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { accountId } from '../emulator/aws.ts';
import { must } from '../emulator/must.ts';
import { freePort, startProgram, stopProgram } from '../emulator/start-program.ts';

const root = join(__dirname, '../..');

/** Where the stack is deployed. */
export const region = 'eu-west-1';

/** MiniStack, which holds what the stack makes. The function that it runs looks into the account of the other stand-in. */
export async function startMinistack() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const ministack = await startProgram({
    command: 'ministack',
    env: {
      MINISTACK_HOST: '127.0.0.1',
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      // Two servers that nobody asked for, on ports of their own.
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      MINISTACK_ACCOUNT_ID: accountId,
      MINISTACK_REGION: region,
      // The function inherits these: it reads there; what belongs to the stack is here.
      AWS_ENDPOINT_URL: must(process.env['AWS_ENDPOINT_URL']),
      AWS_ENDPOINT_URL_SNS: url,
      AWS_ENDPOINT_URL_DYNAMODB: url,
      AWS_ENDPOINT_URL_EVENTBRIDGE: url,
      // Nothing here leaves the machine.
      REGISTRIES: 'none',
    },
    probe: `${url}/_ministack/health`,
    install: 'pip install -r .ci/requirements.txt',
  });
  const run = async (command: string, ...args: readonly string[]): Promise<string> => {
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: url,
      AWS_DEFAULT_REGION: region,
      CDK_DISABLE_VERSION_CHECK: 'true',
    };
    const { stdout } = await promisify(execFile)(command, args, { cwd: root, env, maxBuffer: 2 ** 26 });
    return stdout;
  };
  // Version 1 of AWS's command line does not heed AWS_ENDPOINT_URL for Amazon SQS.
  const endpoint = ['--endpoint-url', url];
  return {
    /** Runs a line of shell, as a user would who has this account. Answers what it prints. */
    shell: (line: string) =>
      run('bash', '-c', `aws() { command aws ${endpoint.join(' ')} "$@"; }\nexport -f aws\n${line}`),
    /** Calls AWS's own command line. Answers the JSON that it prints. */
    aws: async (...args: readonly string[]) => {
      const said = await run('aws', ...endpoint, '--output', 'json', ...args);
      return said === '' ? {} : JSON.parse(said);
    },
    stop: () => stopProgram(ministack),
  };
}
