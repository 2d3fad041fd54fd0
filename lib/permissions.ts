import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { readActions } from '../lambda/aws/actions.ts';

/**
 * Everything a diagnosis reads, and nothing else: the list of calls the function makes. Most of them (all of
 * `ec2:Describe*`) know no resources, and the others are asked about whatever task fails.
 */
export const readStatement = (): PolicyStatement =>
  new PolicyStatement({ sid: 'ReadToDiagnose', actions: [...readActions], resources: ['*'] });

/** What `lambda/incident/table.ts` does with the table and its index. */
export const tableStatements = ({ tableArn }: Pick<ITable, 'tableArn'>): readonly PolicyStatement[] => [
  new PolicyStatement({
    sid: 'KeepIncidents',
    actions: ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    resources: [tableArn],
  }),
  new PolicyStatement({
    sid: 'FindDueIncidents',
    actions: ['dynamodb:Query'],
    resources: [`${tableArn}/index/wake`],
  }),
];

/** What `lambda/incident/listing.ts` reads for the dashboard. */
export const listingStatements = ({ tableArn }: Pick<ITable, 'tableArn'>): readonly PolicyStatement[] => [
  new PolicyStatement({
    sid: 'ReadIncidents',
    actions: ['dynamodb:BatchGetItem'],
    resources: [tableArn],
  }),
  new PolicyStatement({
    sid: 'ListIncidents',
    actions: ['dynamodb:Query'],
    resources: [`${tableArn}/index/wake`, `${tableArn}/index/resolved`],
  }),
];
