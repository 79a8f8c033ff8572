// How a key holder reaches the broker: signed in by its nkey, with an inbox of its own, and never giving up.

import { addressOf, identifyServer, type Credentials } from '@anonymesh/runtime';
import {
  AuthorizationError,
  connect,
  type ConnectionOptions,
  type NatsConnection,
  nkeyAuthenticator,
} from '@nats-io/transport-node';
import { boundHeaders } from './bounded-headers.js';

export interface Dialling {
  readonly servers: string | string[];
  /** The secret user nkey (`SU…`), as bytes of its text. */
  readonly seed: Uint8Array;
  /** Read anew at each handshake. Without them, the broker must not ask for TLS. */
  readonly tls?: Credentials | undefined;
  /** Shown on the broker's status pages. */
  readonly name?: string;
  /** Called each time that the broker refuses a key that it had let in. */
  readonly refused?: () => void;
}

boundHeaders();

/** Milliseconds between two attempts, and where the key is refused, at most. */
const firstWait = 500;
const slowestWait = 10_000;
/** So much more at random, so that not all come back at once. */
const jitter = 1000;

/**
 * Waits for a broker that is not up yet, and comes back after each loss, also where the key was withdrawn meanwhile: once
 * it is admitted again. Rejects when the broker refuses the key from the start.
 */
export async function dial(dialling: Dialling, inboxPrefix: string): Promise<NatsConnection> {
  const options = { ...optionsOf(dialling, inboxPrefix), waitOnFirstConnect: true, maxReconnectAttempts: -1 };
  // A client gives up at the second refusal, whenever that comes, or never does: the first tells, the second stays.
  await (await connect(options)).close();
  let refusals = 0;
  // Asked for again and again while it passes: drawn each time, it would be longer than is said here.
  const extra = Math.random() * jitter;
  const connection = await connect({
    ...options,
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => Math.min(slowestWait, firstWait * 2 ** refusals) + extra,
  });
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'reconnect') refusals = 0;
      if (status.type !== 'error' || !(status.error instanceof AuthorizationError)) continue;
      refusals += 1;
      dialling.refused?.();
    }
  })();
  return connection;
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
    reconnectTimeWait: firstWait,
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
