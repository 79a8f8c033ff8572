// The config file of each party's app, as an administrator would write it.
import { writeFile } from 'node:fs/promises';
import type { PartyId } from '@anonymesh/protocol';
import { stringify } from 'yaml';
import type { Holding } from './examples/example.js';
import { pagesOf } from './pages.js';
import { hasPeople, type SandboxParty } from './parties.js';
import { monitoringOf, placesOf } from './places.js';

export interface Surroundings {
  readonly dir: string;
  readonly ports: ReadonlyMap<string, number>;
  /** base64url of the operator's public key. */
  readonly operator: string;
  readonly issuer: string;
  readonly engine: string | undefined;
  /** Milliseconds. */
  readonly checkpointEvery: number;
  readonly holdings: ReadonlyMap<PartyId, Holding>;
  /** Whose addresses a requester's letters say. */
  readonly portals: readonly PartyId[];
  /** Connection strings of apps whose store is PostgreSQL. */
  readonly postgres: ReadonlyMap<PartyId, string>;
}

/** The name under which tokens are issued for an app's API. */
export function audienceOf(id: PartyId): string {
  return `urn:anonymesh:sandbox:${id}`;
}

export function brokerUrl(ports: ReadonlyMap<string, number>): string {
  return `nats://127.0.0.1:${ports.get('broker')}`;
}

export async function writeConfig(party: SandboxParty, around: Surroundings): Promise<void> {
  const { dir, ports, operator, issuer, engine, checkpointEvery, postgres, holdings } = around;
  const places = placesOf(dir, party.id);
  const url = postgres.get(party.id);
  if (url !== undefined) await writeFile(places.storeUrl, url, { mode: 0o600 });
  const store =
    url === undefined ? { kind: 'embedded', file: places.state } : { kind: 'postgres', url: places.storeUrl };
  const isHolder = party.kind === 'holder';
  const config = {
    party: party.id,
    listen: { host: '127.0.0.1', port: ports.get(party.id) },
    monitoring: { port: ports.get(monitoringOf(party.id)), reuseFor: 0 },
    broker: { servers: [brokerUrl(ports)], seed: places.brokerSeed, tls: places.tls },
    keys: {
      signing: places.key('signing'),
      sealing: [places.key('sealing')],
      ...(isHolder ? { mask: [places.key('mask')] } : {}),
    },
    trust: { directory: places.directory, operator, agreements: places.agreements },
    store,
    evidence: { checkpointEvery },
    ...(isHolder
      ? {
          source: holdings.get(party.id)?.source(places.data),
          templates: places.templates,
          spill: places.spill,
          ...(engine === undefined ? {} : { engine }),
        }
      : {}),
    // One account of the sandbox stands for a whole office, and a benchmark for many.
    ...(party.kind === 'requester' ? { asking: { perAccount: { most: 1_000_000 } } } : {}),
    ...(party.kind === 'aggregator' ? { spool: places.spill } : {}),
    ...(hasPeople(party) ? { oidc: { issuer, audience: audienceOf(party.id) } } : {}),
    ...(hasPeople(party) ? { pages: pagesOf(party, dir, ports, issuer, around.portals) } : {}),
  };
  await writeFile(places.config, stringify(config));
}
