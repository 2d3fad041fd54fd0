const mostShown = 3;

/** Some of the names of a list, and how many there are beside them. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, mostShown).map((name) => `\`${name}\``);
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
