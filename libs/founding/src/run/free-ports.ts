// Ports that nobody listens on now. Somebody may take one before it is used; then what should listen there fails to start.
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { monitoringOf } from '../found/places.js';

/** For the programs of a mesh of these parties, and for `more`. */
export function freePortsFor(
  parties: readonly { readonly id: string }[],
  more: readonly string[] = [],
): Promise<Map<string, number>> {
  const own = parties.flatMap(({ id }) => [id, monitoringOf(id)]);
  return freePorts(['broker', 'identity-provider', ...own, ...more]);
}

export async function freePorts(names: readonly string[]): Promise<Map<string, number>> {
  const servers = await Promise.all(
    names.map(async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return new Map(names.map((name, index) => [name, ports[index] ?? 0]));
}
