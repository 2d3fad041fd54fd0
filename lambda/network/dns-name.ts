/** Whether an entry stands for a name: it is the name, or begins with `*` and ends as the name does. */
export const standsFor = (entry: string, name: string): boolean =>
  entry.startsWith('*') ? name.endsWith(entry.slice(1)) : name === entry;
