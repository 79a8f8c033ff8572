// When the certificate ends that a server shows, read by a connection of its own. Others renew it: by this a party sees its
// end coming while its own connections, made before, still hold.
import type { X509Certificate } from 'node:crypto';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Address } from '../wellness/greeting.js';
import { readCredentials, TlsFault, type Credentials } from './credentials.js';
import type { TlsFiles } from './tls-files.js';

export type Server = {
  /** For whom it is a server: this node towards the broker, towards its store, towards a holder's records. */
  readonly role: 'broker' | 'store' | 'records';
} & (Greeted | Asked);

/** Shows it to whoever comes, before anybody signs in. */
export interface Greeted {
  /** NATS greets and then begins TLS; PostgreSQL waits to be asked for it; MongoDB begins with it. */
  readonly speaks: 'nats' | 'postgres' | 'mongodb';
  readonly address: Address;
  /** By which this node comes to it. */
  readonly files: TlsFiles;
}

/** Tells it to who has signed in: a server of MySQL would shut out a machine that breaks off too often before. */
export interface Asked {
  /** Milliseconds since 1970; undefined where it does not tell. */
  readonly endOfCertificate: () => Promise<number | undefined>;
}

/** Milliseconds for which is remembered what was shown: who asks often must not make a server shake hands as often. */
const memory = { greeted: 20_000, asked: 3_600_000 };

/** When it ends, in milliseconds since 1970; undefined where it is not shown now: why, other checks say. */
export type Shown = () => Promise<number | undefined>;

export function watchServer(server: Server): Shown {
  const [look, lasts] =
    'speaks' in server ? [() => endOf(server), memory.greeted] : [server.endOfCertificate, memory.asked];
  let seen: { readonly until: number; readonly end: number | undefined } | undefined;
  let looking: Promise<number | undefined> | undefined;
  const keep = (end: number | undefined) => {
    seen = { until: Date.now() + (end === undefined ? memory.greeted : lasts), end };
    looking = undefined;
    return end;
  };
  return async () => {
    if (seen !== undefined && Date.now() < seen.until) return seen.end;
    return (looking ??= look().then(keep, () => keep(undefined)));
  };
}

async function endOf(server: Greeted): Promise<number | undefined> {
  const shown = await certificateOf(server);
  return shown && Date.parse(shown.validTo);
}

/** Takes no longer than about a second and a half. It is judged by whoever reads it: also one that has run out is read. */
export async function certificateOf({ speaks, address, files }: Greeted): Promise<X509Certificate | undefined> {
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
    if (speaks === 'mongodb') return readOver(socket, address.host, credentials, resolve);
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
