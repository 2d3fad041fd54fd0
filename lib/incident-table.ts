import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

/** The table that `lambda/incident/table.ts` works on. What it holds is of no use once the stack is gone. */
export function incidentTable(scope: Construct, id: string): Table {
  const table = new Table(scope, id, {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.AWS_MANAGED,
    timeToLiveAttribute: 'expiresAt',
    removalPolicy: RemovalPolicy.DESTROY,
  });
  table.addGlobalSecondaryIndex({
    indexName: 'wake',
    partitionKey: { name: 'wake', type: AttributeType.STRING },
    sortKey: { name: 'wakeAt', type: AttributeType.NUMBER },
    projectionType: ProjectionType.KEYS_ONLY,
  });
  // Incidents that have ended, for the dashboard: written once, with the end.
  table.addGlobalSecondaryIndex({
    indexName: 'resolved',
    partitionKey: { name: 'resolved', type: AttributeType.STRING },
    sortKey: { name: 'endedAt', type: AttributeType.NUMBER },
    projectionType: ProjectionType.KEYS_ONLY,
  });
  Validations.of(table).acknowledge({
    id: 'AwsSolutions-DDB3',
    reason:
      'it holds what is known of incidents that are going on: an old state would be wrong, and an empty table costs one message more per incident',
  });
  return table;
}
