// Founds and starts a mesh in a temporary folder, every app a process of its own, built as it ships, and removes it again.
// What all test meshes have in common.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  foundMesh,
  freePortsFor,
  partiesOf,
  provisionBroker,
  startMesh,
  type FoundedMesh,
  type FoundingOptions,
  type RunningMesh,
  type StartOptions,
} from '@anonymesh/founding';

export interface TemporaryMesh extends RunningMesh {
  /** Stops everything and removes the folder. */
  end(): Promise<void>;
}

export interface TemporaryMeshOptions
  extends Pick<FoundingOptions, 'examples' | 'terms'>, Pick<StartOptions, 'mainOf'> {
  /** What is done to the founded mesh before anything of it runs. */
  readonly prepare?: ((mesh: FoundedMesh) => Promise<void>) | undefined;
}

const cache = fileURLToPath(new URL('../../node_modules/.cache/anonymesh', import.meta.url));

/** Rejects, with the folder removed again, if the mesh does not come up. */
export async function startInFolder({ prepare, mainOf, ...options }: TemporaryMeshOptions): Promise<TemporaryMesh> {
  const dir = await mkdtemp(join(tmpdir(), 'anonymesh-test-'));
  const remove = () => rm(dir, { recursive: true, force: true });
  try {
    const ports = await freePortsFor(partiesOf(options.examples));
    const founded = await foundMesh({ dir, cache, ports, ...options });
    await prepare?.(founded);
    const mesh = await startMesh(founded, { mainOf });
    // What a killed process had fetched comes again after 30 seconds; a test need not wait so long.
    await provisionBroker(mesh, { ackWaitSeconds: 3 });
    return { ...mesh, end: () => mesh.stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
