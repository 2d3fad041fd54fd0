import { Fn, Stack, Validations } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { encryptedTopic } from './encrypted-topic.ts';
import { mustBeSlack } from './input.ts';
import { readStatement } from './permissions.ts';

export interface SlackChannelProps {
  /** Id of the workspace, e.g. `T0123ABCDEF`. It must have been authorised once by hand in the console. */
  readonly slackWorkspaceId?: string | undefined;
  /** Id of the channel, e.g. `C0123ABCDEF`. The app must be invited into it. */
  readonly slackChannelId?: string | undefined;
}

/** A Slack channel, and the topic whose messages Amazon Q Developer in chat applications shows there. */
export class SlackChannel extends Construct {
  readonly topic: Topic;
  readonly configuration: SlackChannelConfiguration;

  constructor(
    scope: Construct,
    id: string,
    { slackWorkspaceId = '', slackChannelId = '' }: SlackChannelProps,
  ) {
    super(scope, id);
    mustBeSlack(slackWorkspaceId || undefined, slackChannelId || undefined);

    // A topic of its own: the service shows only messages that are its custom notification.
    // https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
    this.topic = encryptedTopic(this, 'Topic');

    // Without a guardrail, people in the channel could be given AdministratorAccess.
    const guardrail = new ManagedPolicy(this, 'Guardrail', {
      description: 'The most that people in the Slack channel may do: look at what ecs-pull-doctor looks at',
      statements: [readStatement()],
    });
    Validations.of(guardrail).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'a guardrail that only limits: it allows the read calls of the diagnosis, most of which know no resources',
    });

    this.configuration = new SlackChannelConfiguration(this, 'Configuration', {
      // Configurations are global: two Regions must not use one name.
      slackChannelConfigurationName: Fn.join('-', [Stack.of(this).stackName, Stack.of(this).region]),
      slackWorkspaceId,
      slackChannelId,
      notificationTopics: [this.topic],
      guardrailPolicies: [guardrail],
    });
  }
}
