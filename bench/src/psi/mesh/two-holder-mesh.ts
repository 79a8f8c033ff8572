// A mesh of the two holders alone, in a temporary folder: broker, coordinator, aggregator, requester and two holders' nodes
// as processes, each with an embedded store, and the records in SQLite.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foundMesh, freePortsFor, startMesh, type RunningMesh } from '@anonymesh/founding';
import { listExample } from '../lists/list-example.js';
import { givenUp, untilStopped } from '../../leaving.js';
import { cache, type Mode } from '../sample.js';
import { setTerms } from './set-terms.js';

/** As an operator would set it for large sets; the sandbox saves memory instead. */
const youngGeneration = '--max-semi-space-size=8';

export interface TwoHolderMesh {
  readonly mesh: RunningMesh;
  /** The broker's status pages. */
  readonly monitoring: string;
  /** Names by process id. */
  readonly processes: ReadonlyMap<number, string>;
}

export interface MeshOrder {
  readonly elements: number;
  readonly mode: Mode;
  /** Of both holders' nodes; the fastest that works unless named. */
  readonly engine?: string;
}

/** Rejects with what `measure` rejects with; the folder, with everybody's logs, is then kept. */
export async function withTwoHolders<Result>(
  { elements, mode, engine }: MeshOrder,
  profiles: string | undefined,
  measure: (running: TwoHolderMesh) => Promise<Result>,
): Promise<Result> {
  const dir = await mkdtemp(join(tmpdir(), 'anonymesh-bench-'));
  const example = listExample(elements);
  const names = ['broker', 'identity-provider', ...example.parties.map(({ id }) => id)];
  const ports = await freePortsFor(example.parties, ['broker-monitoring']);
  let result: Result;
  try {
    const terms = setTerms(elements, mode);
    const founded = await foundMesh({ dir, cache, ports, examples: [example], terms, engine });
    const mesh = await startMesh(founded, {
      givenUp,
      nodeOptions: [youngGeneration, ...(profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`])],
    });
    const stop = untilStopped(() => mesh.stop());
    try {
      const processes = new Map(names.map((name) => [mesh.child(name).pid ?? 0, name]));
      const monitoring = `http://127.0.0.1:${ports.get('broker-monitoring')}`;
      result = await measure({ mesh, monitoring, processes });
    } finally {
      await stop();
    }
  } catch (cause) {
    throw new Error(`the mesh failed: its logs are in ${dir}`, { cause });
  }
  await rm(dir, { recursive: true, force: true });
  return result;
}
