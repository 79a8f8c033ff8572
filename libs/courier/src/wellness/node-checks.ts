// What is looked at in every running node, whatever its app: each app adds what it alone has.
import {
  addressOf,
  certificatesCheck,
  clockCheck,
  diskCheck,
  keyFilesCheck,
  namesCheck,
  seldom,
  type Check,
} from '@anonymesh/runtime';
import { dirname } from 'node:path';
import type { Message } from '@anonymesh/protocol';
import { ownConsumer } from '../broker/connect-party.js';
import type { StoreCourier } from '../courier.js';
import type { NodeConfig, NodeStoreConfig } from '../node-config.js';
import { certificatesOf, type Connections, type ServingConfig } from './certificates-of.js';
import { brokerCheck } from './check-broker.js';
import { directoryCheck } from './check-directory.js';
import { permissionsCheck, waysOf } from './check-permissions.js';
import { lastQueryCheck, storeCheck } from './check-store.js';

export interface NodeParts {
  readonly courier: StoreCourier;
  readonly config: ServingConfig;
  /** Every message that the app sends. */
  readonly sends: readonly Message[];
  /** The address of the organisation's identity provider, where it has one. */
  readonly issuer?: string | undefined;
  /** To which the node writes, beside its store. */
  readonly folders?: readonly string[];
  /** Beside those that every node has. */
  readonly connections?: Connections;
}

export function nodeChecks({ courier, config, sends, issuer, folders = [], connections }: NodeParts): Check[] {
  const { self, party, store } = courier;
  const clocks = { broker: async () => timeOf(await (await ownConsumer(party, self.kind)).info()) };
  return [
    brokerCheck({ party, servers: config.broker.servers, tls: courier.tls, receives: self.kind }),
    seldom(
      permissionsCheck(party, () => waysOf(self, sends, self.directory)),
      rightsLast,
    ),
    certificatesCheck(securedBy(config, connections)),
    storeCheck(store.knex),
    clockCheck({ ...clocks, issuer }),
    directoryCheck(self, config.trust),
    keyFilesCheck(secretsOf(config)),
    diskCheck([...folders, ...storeFolders(config)]),
    namesCheck(hostsOf(config, issuer)),
    lastQueryCheck(store.knex),
  ];
}

/** Milliseconds for which rights on the broker are believed: trying them is a message for each way. */
const rightsLast = 600_000;

/** The files of the node whose secrets nobody else may read. */
export function secretsOf({ keys, listen, broker, store }: NodeConfig & NodeStoreConfig): string[] {
  const own = store.kind === 'postgres' ? [store.url, store.tls?.key] : [];
  const files = [keys.signing, ...keys.sealing, ...keys.mask, broker.seed, broker.tls?.key, listen.tls?.key, ...own];
  return files.filter((file) => file !== undefined);
}

/** What the check of certificates looks at. */
export function securedBy(config: ServingConfig, more?: Connections) {
  const { certified, plainly, servers } = certificatesOf(config);
  return {
    party: config.party,
    certified: [...certified, ...(more?.certified ?? [])],
    plainly: [...plainly, ...(more?.plainly ?? [])],
    servers: [...servers, ...(more?.servers ?? [])],
  };
}

export function hostsOf({ broker }: NodeConfig, issuer: string | undefined): string[] {
  const brokers = broker.servers.map((server) => addressOf(server).host);
  return issuer === undefined ? brokers : [...brokers, new URL(issuer).hostname.replace(/^\[|\]$/g, '')];
}

export function storeFolders({ store }: NodeStoreConfig): string[] {
  return store.kind === 'embedded' ? [dirname(store.file)] : [];
}

/** NATS tells it from 2.10 on. */
export function timeOf(info: object): number | undefined {
  const told = 'ts' in info && typeof info.ts === 'string' ? Date.parse(info.ts) : NaN;
  return Number.isNaN(told) ? undefined : told;
}
