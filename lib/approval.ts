import { Names, Stack, Validations } from 'aws-cdk-lib';
import {
  EventField,
  type IRule,
  type IRuleTarget,
  type RuleTargetConfig,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { encryptedTopic } from './encrypted-topic.ts';
import { mustBeApprovers } from './input.ts';
import { timing } from './timing.ts';

export interface ApprovalProps {
  /** ARNs of IAM users and roles; one of them must say yes. */
  readonly approvers: readonly string[];
  /** What is invoked with `{ apply, by }` when somebody has. */
  readonly function: IFunction;
  /** For events that could not be delivered. */
  readonly undelivered: IQueue;
}

/**
 * Asks people whether a plan may be applied: an Automation document of AWS Systems Manager, whose approvers AWS knows as
 * principals of IAM. It is a target of a rule. https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html
 */
export class Approval extends Construct implements IRuleTarget {
  /** Where Systems Manager tells approvers that it waits for them. */
  readonly topic: Topic;
  readonly document: CfnDocument;
  private readonly starter: Role;
  private readonly undelivered: IQueue;

  constructor(scope: Construct, id: string, { approvers, function: fn, undelivered }: ApprovalProps) {
    super(scope, id);
    mustBeApprovers(approvers);
    this.undelivered = undelivered;
    // Systems Manager asks for a name that begins so.
    this.topic = encryptedTopic(
      this,
      'Topic',
      `Automation-${Names.uniqueResourceName(this, { maxLength: 200 })}`,
    );

    const { account, partition, region } = Stack.of(this);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ssm.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.functionArn] }),
    );
    this.topic.grantPublish(role);

    this.document = new CfnDocument(this, 'Document', {
      documentType: 'Automation',
      documentFormat: 'JSON',
      updateMethod: 'NewVersion',
      content: {
        schemaVersion: '0.3',
        description: 'Asks whether a plan of ecs-pull-doctor may be applied, and applies it.',
        assumeRole: role.roleArn,
        parameters: {
          Plan: {
            type: 'String',
            description: 'Id of the plan, as the finding gives it',
            allowedPattern: '^[0-9a-f]{12}$',
          },
          Summary: {
            type: 'String',
            description: 'What would be changed',
            default: 'see the finding',
            maxChars: 1_500,
            // Whoever may put events on the bus may send one that looks like ours: it must not name parameters.
            allowedPattern: '^[^{}]*$',
          },
        },
        mainSteps: [
          {
            name: 'Approve',
            action: 'aws:approve',
            timeoutSeconds: timing.approvalTimeout.toSeconds(),
            onFailure: 'Abort',
            inputs: {
              NotificationArn: this.topic.topicArn,
              Message:
                'ecs-pull-doctor asks whether it may apply plan {{ Plan }}: {{ Summary }}. The finding says why, whom it touches and what it costs.',
              MinRequiredApprovals: 1,
              Approvers: [...approvers],
            },
          },
          {
            name: 'Apply',
            action: 'aws:invokeLambdaFunction',
            // What was begun is written down; a second call would be refused.
            maxAttempts: 1,
            timeoutSeconds: 300,
            onFailure: 'Abort',
            isEnd: true,
            inputs: {
              FunctionName: fn.functionName,
              InvocationType: 'RequestResponse',
              InputPayload: { apply: '{{ Plan }}', by: '{{ Approve.ApproverDecisions }}' },
            },
          },
        ],
        outputs: ['Apply.Payload'],
      },
    });

    this.starter = new Role(this, 'Starter', {
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    });
    this.starter.addToPolicy(
      new PolicyStatement({
        actions: ['ssm:StartAutomationExecution'],
        // What Systems Manager asks for now (the document, and any execution of it), and what it asked for before.
        // https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-identity-based-policies.html
        resources: [
          `arn:${partition}:ssm:${region}:${account}:document/${this.document.ref}`,
          `arn:${partition}:ssm:${region}:${account}:automation-definition/${this.document.ref}:$DEFAULT`,
          `arn:${partition}:ssm:${region}:${account}:automation-execution/*`,
        ],
      }),
    );
    Validations.of(this.starter).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:automation-execution/*]`,
      reason: 'an execution has no id before it is started, and the document that is started is named',
    });
    this.starter.addToPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
      }),
    );
  }

  bind(_rule: IRule): RuleTargetConfig {
    const { account, partition, region } = Stack.of(this);
    return {
      arn: `arn:${partition}:ssm:${region}:${account}:automation-definition/${this.document.ref}:$DEFAULT`,
      role: this.starter,
      deadLetterConfig: { arn: this.undelivered.queueArn },
      // Later nobody may approve it any more.
      retryPolicy: { maximumEventAgeInSeconds: timing.approvalTimeout.toSeconds() },
      input: RuleTargetInput.fromObject({
        Plan: [EventField.fromPath('$.detail.plan.id')],
        Summary: [EventField.fromPath('$.detail.plan.summary')],
      }),
      targetResource: this.document,
    };
  }
}
