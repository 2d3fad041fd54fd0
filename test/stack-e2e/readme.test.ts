import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commandsOf, runners } from '../support/document-commands.ts';
import { subscriber } from './deployment.ts';
import { startMinistack } from './ministack.ts';

let ministack: Awaited<ReturnType<typeof startMinistack>>;
beforeAll(async () => {
  ministack = await startMinistack();
});
afterAll(() => ministack?.stop());

const commands = commandsOf('README.md').filter((line) => runners.stack.test(line));
/** As a user would type it, but that nobody is there to be asked, and as far as MiniStack goes. */
const unattended = (command: string) =>
  command
    .replace('cdk deploy', 'cdk deploy --require-approval never')
    // It knows no Slack channels, and no documents of Systems Manager: there the template alone is made.
    .replace(/cdk deploy (.*(?:slackChannel|approvers))/, 'cdk synth --quiet $1')
    // The CDK gives the ARN of the stack, and MiniStack deletes by name only.
    .replace(
      /^npx cdk destroy$/,
      ['delete-stack', 'wait stack-delete-complete']
        .map((call) => `aws cloudformation ${call} --stack-name EcsPullDoctor`)
        .join(' && '),
    );
const topics = async (): Promise<readonly string[]> =>
  (await ministack.aws('sns', 'list-topics')).Topics.map(({ TopicArn }: { TopicArn: string }) => TopicArn);

// In the order of the README, from an empty account to an empty account.
test.each(commands)('%s', async (command) => {
  if (!command.includes('SendTestEvent')) {
    const line = unattended(command);
    const wereThere = (await topics()).length > 0;
    await ministack.shell(line);
    expect((await topics()).length > 0).toBe(
      /cdk deploy/.test(line) || (wereThere && !/delete-stack/.test(line)),
    );
    return;
  }
  const findings = (await topics()).find((arn) => arn.includes('-DoctorTopic'));
  const queue = await subscriber(ministack, findings ?? 'there is no topic', 'reader');

  await ministack.shell(command);

  expect((await queue.receive()).message).toMatchObject({
    group: expect.stringMatching(/^family:test-event-\d+$/),
  });
});
