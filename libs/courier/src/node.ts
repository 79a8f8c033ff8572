// A party's node: what every app opens before it does anything: its keys, whom it trusts, its store, its courier. The
// parts of the config that all apps have are declared here.
import { readFileSync } from 'node:fs';
import { partyId, type PartyKind } from '@anonymesh/protocol';
import {
  orCannotStart,
  LOG,
  METRICS,
  READINESS,
  loggable,
  openLog,
  openMetrics,
  path,
  secretFile,
  type Closer,
  type Log,
  type Metrics,
  type ReadinessCheck,
} from '@anonymesh/runtime';
import { openStore, type Migration } from '@anonymesh/store';
import { openKeyring, openTrust, trustConfig, type Trust } from '@anonymesh/trust';
import { z } from 'zod';
import { eraseOnTime, type Erase } from './erasing.js';
import { keepLog } from './keep-log.js';
import { openCourier, openStoreCourier, type Courier, type CourierOptions, type StoreCourier } from './courier.js';

/** What every app's config has. */
export const nodeConfig = z.strictObject({
  party: partyId,
  listen: z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535) }),
  broker: z.strictObject({ servers: z.array(z.string().min(1)).min(1), seed: secretFile() }),
  keys: z.strictObject({
    signing: secretFile(),
    sealing: z.array(secretFile()).min(1).max(8),
    mask: z.array(secretFile()).max(8).default([]),
  }),
  trust: trustConfig.extend({ directory: path(), agreements: path() }),
  /** Of the party's log; milliseconds. */
  evidence: z
    .strictObject({ checkpointEvery: z.int().min(100).max(86_400_000).default(60_000) })
    .default({ checkpointEvery: 60_000 }),
});
export type NodeConfig = z.infer<typeof nodeConfig>;

/** The config of an app's own store. */
export const storeConfig = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('embedded'), file: path() }),
  /** `url`: a file that holds the connection string, for it holds a password. */
  z.strictObject({ kind: z.literal('postgres'), url: secretFile(), pool: z.int().min(1).max(200).default(10) }),
]);

/** The token under which apps provide their node to Nest. */
export const NODE = Symbol('node');

export interface Node {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly trust: Trust;
  readonly courier: Courier;
  readonly readiness: readonly ReadinessCheck[];
  readonly closers: readonly Closer[];
}

export interface StoreNode extends Node {
  readonly courier: StoreCourier;
}

/** What every app's module is given: the node, and of it what the health endpoints need. */
export function provideNode(node: Node) {
  return [
    { provide: NODE, useValue: node },
    { provide: LOG, useValue: node.log },
    { provide: METRICS, useValue: node.metrics },
    { provide: READINESS, useValue: node.readiness },
  ];
}

/** Throws where keys, directory or agreements cannot be read, or the broker refuses the key. */
export async function openNode(config: NodeConfig, kind: PartyKind, app: string): Promise<Node> {
  const { options, ...node } = prepare(config, kind, app);
  const courier = await openCourier(options);
  const closers = [{ name: 'courier', close: () => courier.close() }];
  return { ...node, courier, closers, readiness: [brokerIsThere(courier)] };
}

/** As openNode, with a store that holds the courier's tables and the app's own; `erase` is called every hour. */
export async function openStoreNode(
  config: NodeConfig & { readonly store: z.infer<typeof storeConfig> },
  kind: PartyKind,
  app: string,
  tables: readonly Migration[],
  erase: Erase,
): Promise<StoreNode> {
  const { options, ...node } = prepare(config, kind, app);
  const { store: chosen } = config;
  const store = await openStore(
    chosen.kind === 'embedded' ? chosen : { ...chosen, url: readFileSync(chosen.url, 'utf8').trim() },
  );
  const courier = await openStoreCourier(options, store, tables);
  const closers = [
    eraseOnTime(store, node.log, erase),
    { name: 'courier', close: () => courier.close() },
    keepLog({ courier, log: node.log, trust: node.trust }, config.evidence),
    { name: 'store', close: () => store.close() },
  ];
  const storeIsThere = { name: 'store', check: async () => (await store.knex.raw('select 1')) !== undefined };
  return { ...node, courier, closers, readiness: [brokerIsThere(courier), storeIsThere] };
}

function brokerIsThere({ party }: Courier): ReadinessCheck {
  return { name: 'broker', check: async () => (await party.connection.rtt()) >= 0 };
}

function prepare(config: NodeConfig, kind: PartyKind, app: string) {
  const log = openLog({ app, party: loggable.partyId(config.party) });
  const metrics = openMetrics();
  const trust = orCannotStart(() => openTrust(config.trust));
  const self = {
    id: config.party,
    kind,
    keyring: orCannotStart(() => openKeyring(config.keys)),
    directory: trust.directory,
  };
  const brokerSeed = Buffer.from(readFileSync(config.broker.seed, 'utf8').trim());
  const options: CourierOptions = { self, servers: config.broker.servers, brokerSeed, log, metrics };
  return { log, metrics, trust, options };
}
