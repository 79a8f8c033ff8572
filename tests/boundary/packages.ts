// The workspace's packages as their package.json files describe them.
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './run-node.js';

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly nx?: { readonly tags?: readonly string[] };
}

export interface Package {
  readonly name: string;
  readonly tag: string;
  readonly folder: string;
  readonly exports: Readonly<Record<string, unknown>> | undefined;
  /** Names of the workspace's own packages that it declares, in whatever capacity. */
  readonly dependsOn: readonly string[];
}

export async function packages(): Promise<Package[]> {
  const { workspaces } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { workspaces: string[] };
  const found: Package[] = [];
  for await (const path of glob(
    workspaces.map((folder) => `${folder}/package.json`),
    { cwd: root },
  )) {
    const manifest = JSON.parse(await readFile(join(root, path), 'utf8')) as Manifest;
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    found.push({
      name: manifest.name,
      tag: manifest.nx?.tags?.[0] ?? '',
      folder: path.replace(/\/package\.json$/, ''),
      exports: manifest.exports,
      dependsOn: declared.filter((name) => name.startsWith('@anonymesh/')),
    });
  }
  return found;
}
