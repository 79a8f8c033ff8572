// What is run, and how one knows that it is ready.
import { connect } from 'node:net';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SandboxParty } from '../found/parties.js';
import { brokerPlaces, identityProviderPlaces, placesOf } from '../found/places.js';
import type { FoundedMesh } from '../found/found-mesh.js';
import type { Program } from './child.js';

/**
 * What an app's program is started with, as by its image. A holder's node hands gigabytes on in buffers that are garbage at
 * once: for each 64 MB of them V8 would mark the whole heap, on threads that the pool's multiplications need.
 */
export function nodeOptionsOf(app: string): readonly string[] {
  return app === 'lqi' ? ['--single-threaded-gc', '--no-incremental-marking'] : [];
}

/** The file of an app's program as it was built: the same from `src` and from `dist`. */
export function programOf(app: string, program = 'main'): string {
  return fileURLToPath(new URL(`../../../../dist/${app}/${program}.js`, import.meta.url));
}

export function brokerProgram({ dir, ports }: FoundedMesh): Program {
  const { config, log } = brokerPlaces(dir);
  const port = ports.get('broker') ?? 0;
  return { name: 'broker', command: 'nats-server', args: ['-c', config], log, isReady: () => isListening(port) };
}

export function identityProviderProgram({ dir, ports, login }: FoundedMesh): Program {
  const { accounts, clients, log } = identityProviderPlaces(dir);
  const port = String(ports.get('identity-provider'));
  return {
    name: 'identity-provider',
    command: process.execPath,
    args: [
      programOf('sandbox', 'identity-provider/main'),
      '--port',
      port,
      '--accounts',
      accounts,
      '--clients',
      clients,
    ],
    log,
    isReady: () => answers(`${login.issuer}/.well-known/openid-configuration`),
  };
}

export function partyProgram(
  { dir, ports }: FoundedMesh,
  { id, app }: SandboxParty,
  nodeOptions: readonly string[],
  mainOf: (app: string) => string = programOf,
): Program {
  const { config, log } = placesOf(dir, id);
  return {
    name: id,
    command: process.execPath,
    args: ['--max-semi-space-size=2', ...nodeOptionsOf(app), ...nodeOptions, mainOf(app), '--config', config],
    log,
    isReady: () => answers(`http://127.0.0.1:${ports.get(id)}/health/ready`),
  };
}

/** Asked over HTTP once somebody listens: eight programs that start would have to share the processor with the asking. */
async function answers(url: string): Promise<boolean> {
  if (!(await isListening(Number(new URL(url).port)))) return false;
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.body?.cancel();
  return response.ok;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}
