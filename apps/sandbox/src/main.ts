// The whole mesh on this machine: founds it with fresh keys, starts it, tells the story, and stays up until Ctrl-C.
// Everything it started is stopped with it.
import { fork } from 'node:child_process';
import { once as event } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sizes } from '@anonymesh/examples';
import {
  atRiskChildren,
  foundMesh,
  freePortsFor,
  partiesOf,
  rightToRemain,
  startMesh,
  type RunningMesh,
} from '@anonymesh/founding';
import { readOptions, usage, type SandboxOptions } from './options.js';
import { printAddresses } from './story/addresses.js';
import { faultsOf, liveThroughCheck } from './story/check-on-one-person.js';
import { faultsOfSets, liveThroughSetQuery } from './story/set-query.js';
import { openTeller } from './story/teller.js';

const options = readOptions(process.argv.slice(2));
if (typeof options === 'string') {
  process.stderr.write(`${options}\n\n${usage}`);
  process.exit(2);
}
process.exitCode = await run(options);

async function run({ once, json, dir: wanted, subject, sizes }: SandboxOptions): Promise<number> {
  const leaving = new AbortController();
  const leave = new Promise<'signal'>((left) => leaving.signal.addEventListener('abort', () => left('signal')));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leaving.abort());
  const dir = await openDir(wanted);
  const tell = openTeller((text) => process.stdout.write(text));
  let starting: Promise<RunningMesh> | undefined;
  const live = async () => {
    const began = performance.now();
    starting = start(dir, sizes, leaving.signal);
    const mesh = await starting;
    tell.line(`The mesh is up after ${((performance.now() - began) / 1000).toFixed(1)} s, in ${dir}.`);
    const check = await liveThroughCheck(mesh, subject, tell);
    const sets = await liveThroughSetQuery(mesh, tell);
    const faults = [...faultsOf(check, subject), ...faultsOfSets(sets, sizes)];
    const story = { ...check, sets: { matches: sets.matches } };
    for (const fault of faults) process.stderr.write(`this is not right: ${fault}\n`);
    if (!once) printAddresses(mesh, (text) => process.stdout.write(text));
    if (json) process.stdout.write(`${JSON.stringify(story)}\n`);
    if (!once) await leave;
    return faults.length === 0 ? 0 : 1;
  };
  try {
    const living = live();
    const ended = await Promise.race([living, leave]);
    if (ended !== 'signal') return ended;
    living.catch(() => undefined); // the story breaks off with the mesh that it is about
    return once ? 130 : 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'the sandbox failed'}\n`);
    return 1;
  } finally {
    const mesh = await starting?.catch(() => undefined); // what did not come up has stopped itself
    await mesh?.stop();
    if (wanted === undefined) await rm(dir, { recursive: true, force: true });
  }
}

async function start(dir: string, sizes: Partial<Sizes>, givenUp: AbortSignal): Promise<RunningMesh> {
  const examples = [rightToRemain(), atRiskChildren(sizes)];
  const ports = await freePortsFor(partiesOf(examples));
  const cache = fileURLToPath(new URL('../../../node_modules/.cache/anonymesh', import.meta.url));
  await prepare(cache, sizes, givenUp);
  return startMesh(await foundMesh({ dir, cache, ports, examples }), { givenUp });
}

/** Rejects where the records cannot be made, as of sizes that contradict each other; why, it has said. */
async function prepare(cache: string, sizes: Partial<Sizes>, signal: AbortSignal): Promise<void> {
  const program = fileURLToPath(new URL('./prepare.js', import.meta.url));
  const [code] = (await event(fork(program, [cache, JSON.stringify(sizes)], { signal }), 'exit')) as [number | null];
  if (code !== 0) throw new Error('the sample records could not be made');
}

async function openDir(wanted: string | undefined): Promise<string> {
  if (wanted === undefined) return mkdtemp(join(tmpdir(), 'anonymesh-'));
  const dir = resolve(wanted);
  if (existsSync(dir) && (await readdir(dir)).length > 0) {
    process.stderr.write(`${dir} is not empty: name a new folder\n`);
    process.exit(2);
  }
  await mkdir(dir, { recursive: true, mode: 0o700 });
  return dir;
}
