#!/usr/bin/env node
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { EcsPullDoctorStack } from '../lib/index.ts';
import { unknownChoice } from './suggest.ts';

const app = new App();
const settings = new Set<string>();
const context = (name: string): string | undefined => {
  settings.add(name);
  const value: unknown = app.node.tryGetContext(name);
  return value === undefined || value === null ? undefined : String(value);
};
/** On the command line a list with commas, in `cdk.json` a list. */
const list = (name: string): readonly string[] | undefined =>
  context(name)
    ?.split(',')
    .map((item) => item.trim());
const yesUnlessNo = (name: string): boolean => {
  const value = context(name) ?? 'true';
  if (value !== 'true' && value !== 'false') throw new Error(`${name} is '${value}'; give true or false`);
  return value === 'true';
};
/** A setting with a name of its own would be ignored in silence, and nobody would be told. Those of the CDK hold other signs. */
function mustBeKnown(names: readonly string[]): void {
  const unknown = names.find((name) => !/[@:/]|^cli-/.test(name) && !settings.has(name));
  if (unknown !== undefined) throw unknownChoice('setting', unknown, [...settings]);
}

try {
  new EcsPullDoctorStack(app, 'EcsPullDoctor', {
    email: context('email'),
    slackWorkspace: context('slackWorkspace'),
    slackChannel: context('slackChannel'),
    clusters: list('clusters'),
    registries: list('registries'),
    askRegistries: yesUnlessNo('askRegistries'),
    remediations: list('remediations'),
    automaticRemediations: list('automaticRemediations'),
    approvers: list('approvers'),
    dashboard: yesUnlessNo('dashboard'),
  });
  mustBeKnown(Object.keys(app.node.getAllContext()));
} catch (error) {
  // Whoever deploys has a mistake to mend, not a program.
  console.error(`ecs-pull-doctor: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
Validations.of(app).addPlugins(new AwsSolutionsChecks());
