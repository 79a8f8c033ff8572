// Whether a handshake with a NATS server would succeed, and if not, why: tried by a connection of its own, which signs in
// as nobody.
import { connect, type Socket } from 'node:net';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Address } from '../wellness/greeting.js';
import type { Credentials } from './credentials.js';
import { identifyServer } from './server-identity.js';

/**
 * `wanted`: the server wants TLS, and we have none. `not-offered`: the other way round. `refused`: it does not accept our
 * certificate; it does not say more. The others are about its certificate.
 */
export type Handshake =
  'agreed' | 'wanted' | 'not-offered' | 'refused' | 'untrusted' | 'expired' | 'not-yet-valid' | 'other-name' | 'failed';

/** Takes no longer than about a second and a half. */
export function shakeHands({ host, port }: Address, credentials: Credentials | undefined): Promise<Handshake> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (found: Handshake) => {
      clearTimeout(late);
      socket.destroy();
      resolve(found);
    };
    const late = setTimeout(() => settle('failed'), 1500);
    const fail = (error: Error) => settle(meaningOf('code' in error ? String(error.code) : ''));
    socket.once('error', fail);
    socket.once('end', () => settle('failed'));
    socket.once('data', (data) => {
      const wants = /"tls_(?:required|available)":\s*true/.test(data.toString('latin1'));
      if (credentials === undefined) return settle(wants ? 'wanted' : 'agreed');
      if (!wants) return settle('not-offered');
      return upgrade(socket, host, credentials, settle, fail);
    });
  });
}

function upgrade(
  socket: Socket,
  host: string,
  credentials: Credentials,
  settle: (found: Handshake) => void,
  fail: (error: Error) => void,
): void {
  socket.removeAllListeners();
  const secured = connectTls({
    socket,
    ...credentials,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    checkServerIdentity: identifyServer([host]),
  });
  secured.once('error', fail);
  // In TLS 1.3 the server judges our certificate after we are done: only its word tells. To whom has not signed in it
  // says that it may not.
  secured.once('secureConnect', () => secured.write('PING\r\n'));
  secured.once('data', () => settle('agreed'));
  secured.once('end', () => settle('refused'));
}

const meanings: Readonly<Record<string, Handshake>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'other-name',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  CERT_SIGNATURE_FAILURE: 'untrusted',
};

function meaningOf(code: string): Handshake {
  const known = meanings[code];
  if (known !== undefined) return known;
  return /ALERT|ECONNRESET|EPIPE/.test(code) ? 'refused' : 'failed';
}
