// A tap on the broker's line: parties connect to it and it to the broker, and it keeps every byte that passes, subjects,
// headers and payloads, as the broker's operator could.
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { brokerPlaces, type FoundedMesh } from '@anonymesh/founding';

export interface Tap {
  /** All bytes until now, each direction of each connection in one piece. */
  heard(): Buffer[];
  close(): Promise<void>;
}

async function openTap(port: number, brokerPort: number): Promise<Tap> {
  const lines: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const pass = (from: Socket, to: Socket) => {
    const line: Buffer[] = [];
    lines.push(line);
    sockets.add(from);
    from.on('data', (bytes: Buffer) => {
      line.push(bytes);
      to.write(bytes);
    });
    from.on('close', () => to.destroy());
    from.on('error', () => to.destroy()); // while the broker is not up yet
  };
  const server = createServer((client) => {
    const broker = connect(brokerPort, '127.0.0.1');
    pass(client, broker);
    pass(broker, client);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    heard: () => lines.map((line) => Buffer.concat(line)),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Puts a tap where the parties of a mesh expect their broker, and the broker somewhere else. */
export async function tapBroker({ dir, ports }: FoundedMesh): Promise<Tap> {
  const port = ports.get('broker') ?? 0;
  const own = await freePort();
  const { config } = brokerPlaces(dir);
  const text = await readFile(config, 'utf8');
  const moved = text.replace(String(port), String(own));
  if (moved === text) throw new Error('the broker’s port is not in its config');
  await writeFile(config, moved);
  return openTap(port, own);
}

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
