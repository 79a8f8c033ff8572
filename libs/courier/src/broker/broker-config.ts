// The text of nats-server.conf for a plan: one account per party, so that the server itself keeps apart what the
// permissions of users alone do not (it acknowledges to any reply subject that a client names).

import type { Account, BrokerPlan, Export, User } from './broker-plan.js';

export interface BrokerPlace {
  readonly serverName: string;
  readonly host: string;
  readonly port: number;
  readonly storeDir: string;
  /** What all streams may take, in bytes: unlike the streams it cannot change while the server runs. Just enough unless told. */
  readonly storeBytes?: number;
  /** Where the server writes its process id, for who tells it to read its configuration anew. */
  readonly pidFile?: string;
  /** The biggest message, in bytes. */
  readonly maxPayload: number;
  /** The port of the server's own status pages, on the loopback address only. */
  readonly monitoringPort?: number;
  /** Clients must bring a certificate of the authorities in `caFile`. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string; readonly caFile: string };
}

/** Throws one error that lists every fault of the place. */
export function brokerConfig(plan: BrokerPlan, place: BrokerPlace): string {
  const needed = plan.receivers.reduce((sum, receiver) => sum + receiver.maxBytes, 0);
  const { storeBytes = needed } = place;
  const faults = [...faultsOfPlace(place), ...(storeBytes < needed ? ['more streams than there is room for'] : [])];
  if (faults.length > 0) throw new Error(`the broker cannot be configured: ${faults.join('; ')}`);
  const config = {
    server_name: place.serverName,
    host: place.host,
    port: place.port,
    max_payload: place.maxPayload,
    ...(place.pidFile === undefined ? {} : { pid_file: place.pidFile }),
    ...(place.monitoringPort === undefined ? {} : { http: `127.0.0.1:${place.monitoringPort}` }),
    ...(place.tls === undefined ? {} : { tls: tlsBlock(place.tls) }),
    // A node that starts gives up where it fails twice to sign in: a busy machine must not look like a wrong key.
    authorization: { timeout: 20 },
    // Exactly what the streams reserve. The server's default, a share of the free disk, can be less.
    jetstream: { store_dir: place.storeDir, max_memory_store: 0, max_file_store: storeBytes },
    system_account: plan.accounts.find((account) => account.user === null)?.name,
    accounts: Object.fromEntries(plan.accounts.map((account) => [account.name, accountBlock(account)])),
  };
  // The server's format is a superset of JSON, and JSON's quoting is what keeps any value from becoming configuration.
  return `${JSON.stringify(config, null, 2)}\n`;
}

function faultsOfPlace(place: BrokerPlace): string[] {
  const { serverName, host, port, storeDir, maxPayload, monitoringPort = 1, pidFile = storeDir, tls } = place;
  const paths = [storeDir, pidFile, ...(tls === undefined ? [] : [tls.certFile, tls.keyFile, tls.caFile])];
  const isPort = (value: number): boolean => Number.isInteger(value) && value > 0 && value < 65536;
  return [
    ...(/^[A-Za-z0-9._-]{1,64}$/.test(serverName) ? [] : ['the server name']),
    ...(/^[A-Za-z0-9.:_-]{1,253}$/.test(host) ? [] : ['the host']),
    ...(isPort(port) ? [] : ['the port']),
    ...(isPort(monitoringPort) ? [] : ['the monitoring port']),
    ...(Number.isInteger(maxPayload) && maxPayload >= 1024 && maxPayload <= 2 ** 26 ? [] : ['the biggest message']),
    ...(paths.every((path) => /^[^\p{Cc}"]+$/u.test(path)) ? [] : ['a path']),
  ];
}

function tlsBlock({ certFile, keyFile, caFile }: NonNullable<BrokerPlace['tls']>): object {
  return { cert_file: certFile, key_file: keyFile, ca_file: caFile, verify: true, timeout: 20 };
}

// The server answers `$JS.API.>` in every account. Before 2.10.27 and 2.11.1 that includes ACCOUNT.PURGE of any other
// account (CVE-2025-30215): permissions forbid it, and if they should fail, it leads nowhere.
const deadEnd = { '$JS.API.>': 'refused.>' };

function accountBlock({ ownsStreams, user, exports, imports }: Account): object {
  return {
    ...(ownsStreams ? { jetstream: 'enabled' } : {}),
    ...(user === null ? {} : { users: [userBlock(user)] }),
    ...(user === null || ownsStreams ? {} : { mappings: deadEnd }),
    ...(exports.length === 0 ? {} : { exports: exports.map(exportBlock) }),
    ...(imports.length === 0
      ? {}
      : { imports: imports.map(({ from, subject, as }) => ({ service: { account: from, subject }, to: as })) }),
  };
}

// The server keeps a reply mapping for every request for messages until its inbox is gone, and a party can make them
// without end through one inbox: it drops those that are silent for this long. No fetch may live longer than half of it.
const silence = '60s';

function exportBlock({ subject, to, replies }: Export): object {
  const answers =
    replies === 'one' ? { response_type: 'singleton' } : { response_type: 'stream', response_threshold: silence };
  return { service: subject, ...answers, accounts: to };
}

function userBlock({ key, publish, never, subscribe, responds }: User): object {
  return {
    nkey: key,
    permissions: {
      // To the server, an empty list of what is allowed is no list.
      publish: publish.length > 0 ? { allow: publish, ...(never.length > 0 ? { deny: never } : {}) } : { deny: ['>'] },
      subscribe: { allow: subscribe },
      ...(responds ? { allow_responses: { max: 1, expires: '1m' } } : {}),
    },
  };
}
