import { blank, type Words } from '../command.ts';
import type { StoppedTask } from '../model/facts.ts';

/** The name of the service that started a task, for a command; a blank where none did. */
export const serviceOf = ({ group }: Pick<StoppedTask, 'group'>): string | Words =>
  /^service:(.+)$/s.exec(group ?? '')?.[1] ?? blank('service');
