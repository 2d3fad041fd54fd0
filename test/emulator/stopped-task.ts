import type { TaskDetail } from './event.ts';
import { must } from './must.ts';

/** Makes ECS remember a stopped task, as it does for about an hour. moto cannot stop a task so. */
export async function registerStoppedTask(detail: TaskDetail): Promise<void> {
  const url = `${must(process.env['AWS_ENDPOINT_URL'])}/stand-in/stopped-tasks`;
  const { ok } = await fetch(url, { method: 'POST', body: JSON.stringify(detail) });
  if (!ok) throw new Error('the stand-in did not take the stopped task');
}
