import type { Change } from '../model/remediation.ts';
import { shellWord } from '../shell-word.ts';

/** The same call for a shell, with the AWS CLI. */
export function commandOf({ action, input }: Change, region: string): string {
  const [service, call = ''] = action.split(':');
  const options = Object.entries(input).map(([name, value]) => `--${kebab(name)} ${argument(value)}`);
  return [`aws ${service} ${kebab(call)} --region ${region}`, ...options].join(' ');
}

const kebab = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

function argument(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return value.map(argument).join(' ');
  return shellWord(typeof value === 'string' ? value : JSON.stringify(value));
}
