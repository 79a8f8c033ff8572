import { describe, expect, it } from '@jest/globals';
import { packages } from './packages.js';
import { runNode } from './run-node.js';

const all = await packages();
const libraries = all.filter(({ tag }) => tag.startsWith('library:'));
const apps = all.filter(({ tag }) => tag.startsWith('app:'));

// Prints for each specifier what Node makes of it: a URL, or the code of the error.
const program = `
  const outcomes = JSON.parse(process.argv[1]).map((specifier) => {
    try { return import.meta.resolve(specifier); } catch (error) { return error.code; }
  });
  console.log(JSON.stringify(outcomes));
`;

async function resolveAll(specifiers: readonly string[], conditions: readonly string[]): Promise<string[]> {
  const options = [...conditions.map((name) => `--conditions=${name}`), '--input-type=module', '--eval', program];
  const { stdout, stderr } = await runNode({ args: [...options, '--', JSON.stringify(specifiers)] });
  if (stdout === '') throw new Error(`nothing was resolved: ${stderr}`);
  return JSON.parse(stdout) as string[];
}

describe.each([
  ['in development', ['development']],
  ['as built', []],
])('what a package lets others import, %s', (_when, conditions) => {
  it('is one entry of each library', async () => {
    const resolved = await resolveAll(
      libraries.map(({ name }) => name),
      conditions,
    );
    const entry = conditions.length > 0 ? 'src/index.ts' : 'dist/index.js';
    expect(resolved.map((url) => url.slice(url.lastIndexOf('/', url.lastIndexOf('/') - 1) + 1))).toEqual(
      libraries.map(() => entry),
    );
  });

  it('is nothing of an app', async () => {
    const resolved = await resolveAll(
      apps.flatMap(({ name }) => [name, `${name}/src/main.ts`]),
      conditions,
    );
    expect(new Set(resolved)).toEqual(new Set(['ERR_PACKAGE_PATH_NOT_EXPORTED']));
  });

  it('is no file inside', async () => {
    const inside = ['src/index.ts', 'src/index.js', 'src', 'dist/index.js', 'package.json', 'src/messages/ask.ts'];
    const specifiers = all.flatMap(({ name }) => inside.map((path) => `${name}/${path}`));
    const resolved = await resolveAll(specifiers, conditions);
    expect(specifiers.filter((_, place) => resolved[place] !== 'ERR_PACKAGE_PATH_NOT_EXPORTED')).toEqual([]);
  });
});
