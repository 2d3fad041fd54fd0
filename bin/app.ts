#!/usr/bin/env node
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { EcsPullDoctorStack } from '../lib/index.ts';

const app = new App();
const context = (name: string): string | undefined => {
  const value: unknown = app.node.tryGetContext(name);
  return value === undefined || value === null ? undefined : String(value);
};
/** On the command line a list with commas, in `cdk.json` a list. */
const list = (name: string): readonly string[] | undefined =>
  context(name)
    ?.split(',')
    .map((item) => item.trim());

new EcsPullDoctorStack(app, 'EcsPullDoctor', {
  email: context('email'),
  slackWorkspace: context('slackWorkspace'),
  slackChannel: context('slackChannel'),
  clusters: list('clusters'),
  registries: list('registries'),
  askRegistries: context('askRegistries') !== 'false',
  remediations: list('remediations'),
  automaticRemediations: list('automaticRemediations'),
  approvers: list('approvers'),
  dashboard: context('dashboard') !== 'false',
});
Validations.of(app).addPlugins(new AwsSolutionsChecks());
