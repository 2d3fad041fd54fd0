import { type Words, words } from '../command.ts';
import type { Change } from '../model/remediation.ts';

/** The same call for a shell, with the AWS CLI. */
export function commandOf({ action, input }: Change, region: string): string {
  const [service = '', call = ''] = action.split(':');
  const options = Object.entries(input).map(([name, value]) => words`--${kebab(name)} ${argumentOf(value)}`);
  return words`aws ${service} ${kebab(call)} --region ${region} ${options}`.text;
}

const kebab = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

const argumentOf = (value: unknown): Words => {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return words`${value}`;
  return words`${typeof value === 'string' ? value : JSON.stringify(value)}`;
};
