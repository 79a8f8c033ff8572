// Compiles every package in one process, and bundles the programs: what the set-up does before a start.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePrograms } from './bundle-programs.mjs';
import { compilePackage } from './compile-package.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const inside = (folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name));
const folders = [...inside('apps'), ...inside('libs'), ...inside('libs/protocol'), join(root, 'examples')];
const packages = folders.filter((folder) => existsSync(join(folder, 'package.json')));
// The group's kernels have compilers of their own; the native one is for machines that have one.
for (const kernel of ['kernel', 'native']) {
  execFileSync(process.execPath, [join(root, 'libs/psi', kernel, 'build.mjs')], { stdio: 'inherit' });
}
for (const folder of packages) await compilePackage(folder);
await bundlePrograms(root);
