import { describe, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './run-node.js';

const sourceFolders = ['apps', 'libs', 'examples', 'tests', 'bench', 'scripts'];
const drawers = /^(utils?|helpers?|common|shared|misc|types?|interfaces?|constants|models?)(\.|$)/i;
const skipped = /(^|\/)(node_modules|dist|coverage)(\/|$)/;

async function pathsIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true });
  return entries.map((entry) => `${folder}/${entry}`).filter((path) => !skipped.test(path));
}

describe('the layout', () => {
  it('has no drawer: no folder or file whose name says what kind of thing is in it and not what it is for', async () => {
    const paths = (await Promise.all(sourceFolders.map(pathsIn))).flat();
    expect(paths.length).toBeGreaterThan(100);
    expect(paths.filter((path) => drawers.test(path.slice(path.lastIndexOf('/') + 1)))).toEqual([]);
  });

  it.each(['utils', 'utils.ts', 'shared.spec.ts', 'Constants.ts', 'types.d.ts', 'model'])(
    'calls %s a drawer',
    (name) => {
      expect(name).toMatch(drawers);
    },
  );

  it.each(['modelling.ts', 'typed-error.ts', 'commons-act.ts', 'shared-secret.ts'])('does not call %s one', (name) => {
    expect(name).not.toMatch(drawers);
  });
});
