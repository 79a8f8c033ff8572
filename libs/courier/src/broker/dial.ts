// How a key holder reaches the broker: signed in by its nkey, with an inbox of its own, and never giving up.

import { addressOf, identifyServer, type Credentials } from '@anonymesh/runtime';
import { connect, type ConnectionOptions, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';

export interface Dialling {
  readonly servers: string | string[];
  /** The secret user nkey (`SU…`), as bytes of its text. */
  readonly seed: Uint8Array;
  /** Read anew at each handshake. Without them, the broker must not ask for TLS. */
  readonly tls?: Credentials | undefined;
  /** Shown on the broker's status pages. */
  readonly name?: string;
}

/**
 * Waits for a broker that is not up yet, and comes back after each loss. Rejects when the broker refuses the key; a key
 * that is withdrawn later closes the connection (`connection.closed()`).
 */
export async function dial(dialling: Dialling, inboxPrefix: string): Promise<NatsConnection> {
  return connect({ ...optionsOf(dialling, inboxPrefix), waitOnFirstConnect: true, maxReconnectAttempts: -1 });
}

/** As `dial`, but tries once, for who wants to know whether it can be done. */
export async function dialOnce(dialling: Dialling, inboxPrefix: string): Promise<NatsConnection> {
  return connect({ ...optionsOf(dialling, inboxPrefix), reconnect: false });
}

function optionsOf({ servers, seed, tls, name }: Dialling, inboxPrefix: string): ConnectionOptions {
  return {
    servers,
    inboxPrefix,
    authenticator: nkeyAuthenticator(seed),
    reconnectTimeWait: 500,
    // For one attempt: a broker that is killed while it lets somebody in says nothing more, and 20 seconds were lost.
    timeout: 5000,
    pingInterval: 20_000,
    // Else the client makes an error with its stack for each publication, in case that it fails.
    noAsyncTraces: true,
    ...(tls === undefined ? {} : { tls: securedBy(tls, servers) }),
    ...(name === undefined ? {} : { name }),
  };
}

/** The same object's own properties are asked for at each handshake, so that renewed certificates are used. */
function securedBy(tls: Credentials, servers: string | string[]): object {
  const hosts = [servers].flat().map((server) => addressOf(server).host);
  return Object.create(tls, {
    checkServerIdentity: { value: identifyServer(hosts), enumerable: true },
  }) as object;
}
