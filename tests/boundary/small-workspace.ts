// A workspace in a temporary folder in which the coordinator reads a message about a person: what the checks must find.
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './run-node.js';

// Nx reads sources only where its settings and the development dependencies say so: ours, that they be tested too.
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
const workspaces = ['apps/*', 'libs/*'];

const files: Record<string, unknown> = {
  'package.json': { name: 'small', private: true, workspaces, nx: { name: 'small' }, devDependencies },
  'package-lock.json': { name: 'small', lockfileVersion: 3, packages: {} },
  'nx.json': readFileSync(join(root, 'nx.json'), 'utf8'),
  'apps/coordinator/package.json': projectNamed('coordinator', 'app'),
  'libs/protocol-asking/package.json': projectNamed('protocol-asking', 'library'),
  'libs/protocol-asking/src/index.ts': 'export interface Subject { readonly niNumber: string }\n',
};

function projectNamed(name: string, kind: string) {
  return {
    name: `@anonymesh/${name}`,
    type: 'module',
    exports: { '.': './src/index.ts' },
    nx: { tags: [`${kind}:${name}`] },
  };
}

/** Writes `source` as a file of the small workspace's coordinator, and hands the folder to `use`. */
export async function withSmallWorkspace<T>(source: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'small-workspace-'));
  try {
    for (const [path, content] of Object.entries({ ...files, 'apps/coordinator/src/leak.ts': source })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
    }
    // Not one link to all of node_modules: our packages in it would lead out of this workspace and back into the real one.
    await mkdir(join(folder, 'node_modules/@anonymesh'), { recursive: true });
    for (const tool of ['nx', '@nx', 'typescript']) {
      await symlink(join(root, 'node_modules', tool), join(folder, 'node_modules', tool));
    }
    await symlink(join(folder, 'libs/protocol-asking'), join(folder, 'node_modules/@anonymesh/protocol-asking'));
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
