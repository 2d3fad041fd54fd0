/** Longer commands fit into no message. */
export const longestCommand = 1_200;

/** One word of a shell's command line, whatever stands in it. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
