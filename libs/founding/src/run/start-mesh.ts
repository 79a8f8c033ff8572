// Starts a founded mesh: the broker, its streams, the identity provider, and every party's app as a process of its own.
import type { PartyId } from '@anonymesh/protocol';
import type { FoundedMesh } from '../found/found-mesh.js';
import { monitoringOf } from '../found/places.js';
import { startChild, type Child } from './child.js';
import { untilInForce } from './in-force.js';
import { brokerProgram, identityProviderProgram, partyProgram } from './programs.js';
import { provisionBroker } from './provision-broker.js';

export interface RunningMesh extends FoundedMesh {
  /** The HTTP address of a party's app. */
  url(id: PartyId): string;
  /** The address at which the app's operator monitors it. */
  monitoring(id: PartyId): string;
  /** The process of a party, `broker` or `identity-provider`. */
  child(name: string): Child;
  /** Starts again what was stopped or killed, and waits until it is ready. `nodeOptions`: of a party's app, more of them. */
  restart(name: string, nodeOptions?: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** For every app's process. */
  readonly nodeOptions?: readonly string[];
  /** The program of each app, where it is not the one that was built in this workspace. */
  readonly mainOf?: ((app: string) => string) | undefined;
  /** When it aborts before the mesh is up, everything is stopped again. */
  readonly givenUp?: AbortSignal;
}

/** Rejects, with everything stopped again, if a part of it does not come up, or if it is given up. */
export async function startMesh(
  mesh: FoundedMesh,
  { nodeOptions = [], mainOf, givenUp }: StartOptions = {},
): Promise<RunningMesh> {
  const children = new Map<string, Child>();
  const programs = new Map([
    ['broker', brokerProgram(mesh)],
    ['identity-provider', identityProviderProgram(mesh)],
    ...mesh.parties.map((party) => [party.id, partyProgram(mesh, party, nodeOptions, mainOf)] as const),
  ]);
  const start = async (name: string, more: readonly string[] = []) => {
    givenUp?.throwIfAborted();
    const program = programs.get(name);
    if (program === undefined) throw new Error(`the mesh has no ${name}`);
    const child = startChild({ ...program, args: [...more, ...program.args] });
    children.set(name, child);
    await child.ready();
  };
  const stop = async () => {
    const { broker, ...others } = Object.fromEntries(children);
    await Promise.all(Object.values(others).map((child) => child.stop()));
    await broker?.stop();
  };
  const giveUp = () => void stop(); // whoever waits for a program to be ready then sees it end
  givenUp?.addEventListener('abort', giveUp);
  try {
    const identityProvider = start('identity-provider');
    identityProvider.catch(() => undefined); // it is awaited below; until then it must not end the process
    await start('broker');
    await provisionBroker(mesh);
    await Promise.all([identityProvider, ...mesh.parties.map(({ id }) => start(id))]);
    await untilInForce(mesh.parties.map(({ id }) => urlOf(mesh, monitoringOf(id))));
  } catch (error) {
    await stop();
    throw error;
  } finally {
    givenUp?.removeEventListener('abort', giveUp);
  }
  return {
    ...mesh,
    url: (id) => urlOf(mesh, id),
    monitoring: (id) => urlOf(mesh, monitoringOf(id)),
    child: (name) => {
      const child = children.get(name);
      if (child === undefined) throw new Error(`the mesh has no ${name}`);
      return child;
    },
    restart: async (name, more) => {
      await children.get(name)?.stop();
      await start(name, more);
    },
    stop,
  };
}

function urlOf({ ports }: FoundedMesh, port: string): string {
  return `http://127.0.0.1:${ports.get(port)}`;
}
