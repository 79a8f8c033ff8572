// node scripts/lay-out-image.mjs APP FOLDER: lays out what the image of an app holds, from a workspace that is built:
// the packages that this app needs, as the lock file pins them, and of our own only those among them, compiled.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, lstatSync, mkdirSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePrograms } from './bundle-programs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [app, folder] = process.argv.slice(2);
if (app === undefined || folder === undefined || !existsSync(join(root, 'apps', app, 'package.json'))) {
  process.stderr.write('usage: node scripts/lay-out-image.mjs APP FOLDER\n');
  process.exit(2);
}
const { workspaces, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const members = globSync(workspaces, { cwd: root }).filter((path) => existsSync(join(root, path, 'package.json')));

rmSync(folder, { recursive: true, force: true });
copy('package.json');
copy('package-lock.json');
for (const member of members) copy(join(member, 'package.json'));
install();
const needed = ownPackages();
for (const member of members) {
  // What was compiled: of `psi` also its kernels, which have a `dist` of their own.
  if (needed.includes(member)) for (const built of builtIn(member)) copy(join(member, built));
  else rmSync(join(folder, member), { recursive: true });
}
// The table of who may know what, which the pages show.
copy('boundaries.mjs');
await bundlePrograms(folder, [app]);
rmSync(join(folder, 'package-lock.json'));
rmSync(join(folder, 'node_modules', '.package-lock.json'));
const manifest = { name: `anonymesh-${app}`, version, private: true, license, type: 'module' };
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

function copy(path) {
  const to = join(folder, path);
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(root, path), to, { recursive: true });
}

function builtIn(member) {
  return globSync(['dist', '*/dist'], { cwd: join(root, member), exclude: (path) => path.includes('node_modules') });
}

/** No package may run a program of its own when it is installed. */
function install() {
  const only = ['--omit=dev', '--workspace', `@anonymesh/${app}`, '--include-workspace-root=false', '--ignore-scripts'];
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stdout, stderr } = spawnSync('npm', ['ci', ...only, ...quiet], { cwd: folder, encoding: 'utf8' });
  if (status === 0) return;
  process.stderr.write(`npm ci failed for ${app}:\n${stdout}${stderr}`);
  process.exit(1);
}

/** Where the packages of this workspace are that npm has linked: the app, and the libraries that it leads to. */
function ownPackages() {
  const links = join(folder, 'node_modules', '@anonymesh');
  const linked = readdirSync(links).filter((name) => lstatSync(join(links, name)).isSymbolicLink());
  return linked.map((name) => relative(realpathSync(folder), realpathSync(join(links, name))));
}
