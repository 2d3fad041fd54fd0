import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * An esbuild plugin that leaves out of the AWS SDK's clients what the sources in these folders cannot use. esbuild cannot know it: the
 * SDK describes requests, answers and errors as data, and all of it hangs together.
 *
 * - A member that no source names is neither sent nor read.
 * - An error that no command of ours is documented to throw comes under the SDK's general class, with the same name.
 * - Of a client's manifest only the version is asked for.
 *
 * The test of the bundle compares requests and results with those of a bundle without this.
 */
export const trimSdk = (...folders) => {
  const sources = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8')),
  );
  const named = new Set(sources.flatMap((source) => source.match(/\w+/g) ?? []));
  return {
    name: 'trim-sdk',
    setup(b) {
      b.onLoad({ filter: /client-[a-z0-9-]+[\\/]package\.json$/ }, ({ path }) => {
        const { version } = JSON.parse(readFileSync(path, 'utf8'));
        return { loader: 'json', contents: JSON.stringify({ version }) };
      });
      b.onLoad({ filter: /client-[a-z0-9-]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, ({ path }) => {
        const thrown = errorsOf(join(dirname(path), '../../dist-types/commands'), named);
        return { loader: 'js', contents: trimmed(readFileSync(path, 'utf8'), named, thrown) };
      });
    },
  };
};

/** The errors that the commands in use are documented to throw. */
function errorsOf(commands, named) {
  const used = readdirSync(commands).filter((file) => named.has(file.replace('.d.ts', '')));
  const texts = used.map((file) => readFileSync(join(commands, file), 'utf8'));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/@throws \{@link (\w+)\}/g)].map(([, name]) => name)),
  );
}

function trimmed(source, named, thrown) {
  const constants = new Map([...source.matchAll(/^const (_\w+) = "([^"\\]*)";$/gm)].map((m) => [m[1], m[2]]));
  const spelled = (name) => constants.get(name) ?? name.replace(/^"|"$/g, '');
  return (
    source
      // `export var Subnet$ = [3, n0, _Sub, traits, [names], [schemas], required];` is a structure; -3 is an error.
      .replace(/^export var (\w+)\$ = (\[-?3, n0, [\s\S]*?\n\]);$/gm, (all, shape, tuple) => {
        const [kind, namespace, name, traits, members, schemas, required] = elements(tuple);
        if (kind === '-3') return thrown.has(shape) ? all : '';
        const names = elements(members);
        const kept = names.flatMap((member, at) => (named.has(spelled(member)) ? [at] : []));
        const types = elements(schemas);
        const rest = required === undefined ? [] : [kept.filter((at) => at < Number(required)).length];
        const fields = [kept.map((at) => names[at]), kept.map((at) => types[at])].map((list) => `[${list}]`);
        return `export var ${shape}$ = [${[kind, namespace, name, traits, ...fields, ...rest]}];`;
      })
      .replace(/^n0_registry\.registerError\((\w+)\$, \1\);$/gm, (all, shape) =>
        thrown.has(shape) ? all : '',
      )
      // Keys that are computed keep every shape of Amazon EC2 in the bundle: esbuild may not drop such a literal.
      .replace(/\[(_\w+)\]:/g, (all, name) =>
        constants.has(name) ? `${JSON.stringify(spelled(name))}:` : all,
      )
  );
}

/** The elements of an array literal, as they are written. */
function elements(literal) {
  const found = [];
  let depth = 0;
  let start = 1;
  for (const { 0: token, index } of literal.matchAll(/"[^"]*"|`[^`]*`|[[\](){},]/g)) {
    if ('[({'.includes(token)) depth += 1;
    else if ('])}'.includes(token)) depth -= 1;
    if (depth > 1 || (depth === 1 && token !== ',') || literal.length < 3) continue;
    const element = literal.slice(start, index).trim();
    if (element !== '') found.push(element);
    start = index + 1;
  }
  return found;
}
