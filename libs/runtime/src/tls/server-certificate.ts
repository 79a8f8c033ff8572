// The certificate that a server shows to whoever comes, read by a connection of its own that signs in as nobody. Others
// renew it: by this a party sees its end coming while its own connections, made before, still hold.
import type { X509Certificate } from 'node:crypto';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Address } from '../wellness/greeting.js';
import { readCredentials, TlsFault, type Credentials } from './credentials.js';
import type { TlsFiles } from './tls-files.js';

export interface Server {
  /** For whom it is a server: this node towards the broker, towards its store, towards a holder's records. */
  readonly role: 'broker' | 'store' | 'records';
  /** NATS greets and then begins TLS; PostgreSQL waits to be asked for it. */
  readonly speaks: 'nats' | 'postgres';
  readonly address: Address;
  /** By which this node comes to it. */
  readonly files: TlsFiles;
}

/** Milliseconds for which is remembered what a server has shown: who asks often must not make it shake hands as often. */
const memory = 20_000;

export type Shown = () => Promise<X509Certificate | undefined>;

/** Undefined where it shows none now: what keeps it from that, other checks say. */
export function watchServer(server: Server): Shown {
  let seen: { readonly at: number; readonly shown: Promise<X509Certificate | undefined> } | undefined;
  return () => {
    if (seen === undefined || Date.now() - seen.at > memory) seen = { at: Date.now(), shown: certificateOf(server) };
    return seen.shown;
  };
}

/** Takes no longer than about a second and a half. It is judged by whoever reads it: also one that has run out is read. */
export async function certificateOf({ speaks, address, files }: Server): Promise<X509Certificate | undefined> {
  const credentials = readSound(files);
  if (credentials === undefined) return undefined;
  return new Promise((resolve) => {
    const socket = connect(address);
    const late = setTimeout(() => socket.destroy(), 1500);
    socket.once('close', () => {
      clearTimeout(late);
      resolve(undefined); // does nothing where it was read
    });
    socket.on('error', () => socket.destroy());
    if (speaks === 'postgres') socket.once('connect', () => socket.write(sslRequest));
    socket.once('data', (said) => {
      if (offersTls[speaks].test(said.toString('latin1'))) readOver(socket, address.host, credentials, resolve);
      else socket.destroy();
    });
  });
}

/** Undefined while they are half written: what is wrong with them is said of this node's own certificates. */
function readSound(files: TlsFiles): Credentials | undefined {
  try {
    return readCredentials(files);
  } catch (error) {
    if (error instanceof TlsFault) return undefined;
    throw error;
  }
}

/** PostgreSQL's protocol, "SSLRequest": its length and its code. */
const sslRequest = Buffer.from('0000000804d2162f', 'hex');
const offersTls = { nats: /"tls_(?:required|available)":\s*true/, postgres: /^S/ };

function readOver(
  socket: Socket,
  host: string,
  credentials: Credentials,
  resolve: (shown: X509Certificate | undefined) => void,
): void {
  const secured = connectTls({
    socket,
    ...credentials,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: false,
  });
  secured.on('error', () => socket.destroy());
  secured.once('secureConnect', () => {
    resolve(secured.getPeerX509Certificate());
    secured.end(); // in order, or the server would log a handshake that failed
  });
}
