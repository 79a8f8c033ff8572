// Ports that nobody listens on now. Somebody may take one before it is used; then what should listen there fails to start.
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';

/** For the programs of a mesh of these parties. */
export function freePortsFor(parties: readonly { readonly id: string }[]): Promise<Map<string, number>> {
  return freePorts(['broker', 'identity-provider', ...parties.map(({ id }) => id)]);
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
