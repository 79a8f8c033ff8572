// A tap on the broker's line: parties connect to it and it to the broker, and it keeps every byte that passes, subjects,
// headers and payloads, as the broker's operator could: with the broker's own certificate and key.
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { readFile, writeFile } from 'node:fs/promises';
import { brokerPlaces, type FoundedMesh } from '@anonymesh/founding';
import { readCredentials } from '@anonymesh/runtime';

type BrokerPlaces = ReturnType<typeof brokerPlaces>;

export interface Tap {
  /** All bytes until now, each direction of each connection in one piece. */
  heard(): Buffer[];
  close(): Promise<void>;
}

async function openTap(port: number, brokerPort: number, places: BrokerPlaces): Promise<Tap> {
  const lines: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const asBroker = readCredentials(places);
  const asClient = readCredentials(places.provisioning);
  const pass = (from: Socket, to: Socket) => {
    const line: Buffer[] = [];
    lines.push(line);
    from.on('data', (bytes: Buffer) => {
      line.push(bytes);
      to.write(bytes);
    });
    end(from, to);
  };
  const end = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on('close', () => to.destroy());
    from.on('error', () => to.destroy()); // while the broker is not up yet
  };
  const server = createServer((client) => {
    const broker = connect(brokerPort, '127.0.0.1');
    end(client, broker);
    end(broker, client);
    // The server speaks first, and in the clear; then both sides are secured.
    broker.once('data', (info) => {
      client.write(info);
      const heard = new TLSSocket(client, { isServer: true, requestCert: true, ...asBroker });
      const told = connectTls({ socket: broker, ...asClient, checkServerIdentity: () => undefined });
      pass(heard, told);
      pass(told, heard);
    });
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
  const places = brokerPlaces(dir);
  const { config } = places;
  const text = await readFile(config, 'utf8');
  const moved = text.replace(String(port), String(own));
  if (moved === text) throw new Error('the broker’s port is not in its config');
  await writeFile(config, moved);
  return openTap(port, own, places);
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
