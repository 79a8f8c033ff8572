// A party's node: what every app opens before it does anything: its keys, whom it trusts, its store, its courier.
import { readFileSync } from 'node:fs';
import type { PartyKind } from '@anonymesh/protocol';
import {
  cannotStart,
  causeOf,
  orCannotStart,
  LOG,
  METRICS,
  READINESS,
  liveCredentials,
  loggable,
  openLog,
  openMetrics,
  type Closer,
  type Log,
  type Metrics,
  type ReadinessCheck,
} from '@anonymesh/runtime';
import { openLedger, type Ledger } from '@anonymesh/standing';
import { openStore, type Migration, type Store } from '@anonymesh/store';
import { openKeyring, openTrust, type Trust } from '@anonymesh/trust';
import { keepTrust } from './trusting/keep-trust.js';
import { eraseOnTime, type Erase } from './erasing.js';
import { keepLog } from './keep-log.js';
import { openStoreCourier, type CourierOptions, type StoreCourier } from './courier.js';
import { countAgreements } from './measuring/count-agreements.js';
import { measureNode } from './measuring/measure-node.js';
import { openingOf, storeLed, type NodeConfig, type NodeStoreConfig } from './node-config.js';
import { keepStanding } from './noticing/keep-standing.js';
import { noTraces } from './tracing/traces.js';

/** The token under which apps provide their node to Nest. */
export const NODE = Symbol('node');

export interface StoreNode {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly trust: Trust;
  readonly courier: StoreCourier;
  /** Which agreements are in force, by what their parties said. */
  readonly standing: Ledger;
  readonly readiness: readonly ReadinessCheck[];
  readonly closers: readonly Closer[];
}

/** What every app's module is given: the node, and of it what the health endpoints need; `watched`: by its wellness. */
export function provideNode(node: StoreNode, watched: readonly ReadinessCheck[] = []) {
  return [
    { provide: NODE, useValue: node },
    { provide: LOG, useValue: node.log },
    { provide: METRICS, useValue: node.metrics },
    { provide: READINESS, useValue: readinessOf(node, watched) },
  ];
}

// Of what is known by two, the one that is asked at this moment counts.
function readinessOf({ readiness }: StoreNode, watched: readonly ReadinessCheck[]): readonly ReadinessCheck[] {
  const asked = new Set(readiness.map(({ name }) => name));
  return [...readiness, ...watched.filter(({ name }) => !asked.has(name))];
}

/**
 * Its store holds the courier's tables and the app's own; `erase` is called every hour. Throws where keys, directory or
 * agreements cannot be read, the store cannot be opened, or the broker refuses the key.
 */
export async function openStoreNode(
  config: NodeConfig & NodeStoreConfig,
  kind: PartyKind,
  app: string,
  tables: readonly Migration[],
  erase: Erase,
): Promise<StoreNode> {
  const { options, keyring, ...node } = await prepare(config, kind, app);
  const { store: chosen } = config;
  const store = await openStore(chosen.kind === 'embedded' ? chosen : openingOf(chosen)).catch((cause: unknown) => {
    throw cannotStart({ ...storeLed[chosen.kind], fault: `cannot be opened: ${causeOf(cause)}` }, cause);
  });
  const courier = await openStoreCourier(options, store, tables);
  measureNode(courier, node.metrics);
  const trusting = await keepTrust({ store, keyring, trust: node.trust, log: node.log }, config);
  const standing = await openLedger(store.knex, courier.self.id, node.trust.directory, node.trust.agreements);
  countAgreements(node.metrics, { knex: store.knex, trust: node.trust, standing, self: courier.self.id });
  const keeper = { courier, log: node.log, trust: node.trust, standing };
  const eraseAll: Erase = async (knex, now) => (await erase(knex, now)) + (await standing.forgetDrafts(knex, now));
  const closers = [
    trusting,
    eraseOnTime(store, node.log, eraseAll),
    keepStanding(keeper, { ...config.statuses, folder: config.trust.agreements }),
    { name: 'courier', close: () => courier.close() },
    keepLog(keeper, config.evidence),
    { name: 'store', close: () => store.close() },
    courier.traces,
  ];
  return { ...node, courier, standing, closers, readiness: [storeIsThere(store)] };
}

/** Without the broker pages and API still show what there is, and say why no more comes; without the store nothing. */
function storeIsThere({ knex }: Store): ReadinessCheck {
  const check = () => knex.raw('select 1').then(() => ({ state: 'well', code: 'well' }) as const);
  return { name: 'store', needed: true, check };
}

/** To which keys of the config it is put down what cannot be read. */
const led = {
  trust: {
    key: 'trust',
    fix: 'put back what the operator and the parties signed, or correct directory, operator or agreements',
  },
  keys: { key: 'keys', fix: 'put the key files back, with the successors beside them' },
  tls: { key: 'broker.tls', fix: 'put certificate and key in place' },
};

async function prepare(config: NodeConfig, kind: PartyKind, app: string) {
  const log = openLog({ app, party: loggable.partyId(config.party) });
  const metrics = openMetrics();
  const trust = orCannotStart(() => openTrust(config.trust), led.trust);
  const { directory } = trust;
  const keyring = orCannotStart(() => openKeyring(config.keys, { id: config.party, directory }), led.keys);
  const self = { id: config.party, kind, keyring, directory };
  const brokerSeed = Buffer.from(readFileSync(config.broker.seed, 'utf8').trim());
  const { servers, tls: files } = config.broker;
  const tls = files && orCannotStart(() => liveCredentials(files), led.tls);
  // Off by default, and then not even loaded.
  const tracing = config.traces && (await import('./tracing/open-traces.js'));
  const traced = () => ({ app, party: config.party, secret: keyring.secret('anonymesh/traces/v1'), log });
  const traces = config.traces && tracing ? tracing.openTraces(config.traces, traced()) : noTraces;
  const options: CourierOptions = { self, servers, brokerSeed, tls, log, metrics, traces };
  return { log, metrics, trust, keyring, options };
}
