import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { buildFunctions } from './built.ts';

const root = join(__dirname, '../..');

/** An app with the feature flags of `cdk.json`, and the functions' bundles in their place. */
export function app(): App {
  buildFunctions();
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  return new App({ context });
}

/** The template of a stack, with what a test asks of it. */
export function templateOf(stack: Stack) {
  const template = Template.fromStack(stack);
  return {
    template,
    /** Properties of all resources of a type, by logical id. */
    all: (type: string): Record<string, Properties> =>
      Object.fromEntries(
        Object.entries(template.findResources(type)).map(([id, { Properties: properties }]) => [
          id,
          properties ?? {},
        ]),
      ),
    /** Every statement of the policies of this type. */
    statements: (type: string): Statement[] =>
      Object.values(template.findResources(type)).flatMap(
        ({ Properties: properties }) => properties.PolicyDocument.Statement,
      ),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of any shape
export type Properties = Record<string, any>;

export interface Statement extends Properties {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
}

/** The actions of statements, each once. */
export const actionsOf = (statements: readonly Statement[]): string[] =>
  [...new Set(statements.flatMap(({ Action }) => Action))].toSorted();
