import { CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * A topic that is encrypted and takes no message without TLS.
 *
 * The key is the one that AWS keeps for Amazon SNS. It costs nothing, and its own policy lets every role of the account that may
 * publish use it through SNS, so the function needs no permission on keys. AWS services may not use it, and none publishes
 * here. Subscribers (e-mail, Amazon Q Developer) are served by SNS, which decrypts.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function encryptedTopic(scope: Construct, id: string, topicName?: string): Topic {
  const topic = new Topic(scope, id, { enforceSSL: true, ...(topicName && { topicName }) });
  const resource = topic.node.defaultChild;
  if (!(resource instanceof CfnTopic))
    throw new Error('this version of aws-cdk-lib makes topics in another way');
  // Not `masterKey`: with it, publishing would also be granted `kms:GenerateDataKey*` on all keys of the account.
  resource.kmsMasterKeyId = 'alias/aws/sns';
  return topic;
}
