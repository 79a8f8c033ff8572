// A party's own log, as its node keeps it: which party, where its store is, and whose keys verify it.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { originOf, type LogKeys } from '@anonymesh/evidence';
import { partyId } from '@anonymesh/protocol';
import { logKeysOf } from '@anonymesh/receipts';
import { openStore, type Store, type StoreConfig } from '@anonymesh/store';
import { readYaml, type Directory } from '@anonymesh/trust';
import { z } from 'zod';
import { named, No } from '../telling/no.js';

const path = z.string().min(1);
const ownConfig = z.object({
  party: partyId,
  store: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('embedded'), file: path }),
    z.object({ kind: z.literal('postgres'), url: path, tls: z.record(z.string(), path).optional() }),
  ]),
});
type OwnPostgres = Extract<z.infer<typeof ownConfig>['store'], { kind: 'postgres' }>;

/** Opens the store that a node's config names, for as long as it is read. Paths there start at the config's folder. */
export async function withinStore<Result>(
  config: string,
  read: (store: Store, party: string) => Promise<Result>,
): Promise<Result> {
  const { party, store } = named(() => readYaml(config, ownConfig));
  const from = (path: string) => resolve(dirname(config), path);
  if (store.kind === 'embedded' && !existsSync(from(store.file)))
    throw new No('usage', `${from(store.file)}: no such store; has the node run yet?`);
  const opened = await openStore(
    store.kind === 'embedded' ? { kind: 'embedded', file: from(store.file) } : await openingOf(store, from),
  );
  return read(opened, party).finally(() => opened.close());
}

async function openingOf({ url: file, tls }: OwnPostgres, from: (path: string) => string): Promise<StoreConfig> {
  const url = named(() => readFileSync(from(file), 'utf8').trim());
  if (tls === undefined) return { kind: 'postgres', url, pool: 1 };
  const { openDatabaseTls } = await import('@anonymesh/runtime');
  const files = Object.fromEntries(Object.entries(tls).map(([name, path]) => [name, from(path)]));
  return { kind: 'postgres', url, pool: 1, tls: named(() => openDatabaseTls(url, files)) };
}

export interface Keeper extends LogKeys {
  readonly origin: string;
}

/** Whose log has that name, and who speaks for it: by the keys that the directory has. */
export function keeperOf(origin: string, directory: Directory): Keeper {
  const found = [...directory.parties.values()].find(({ id, fingerprint }) => originOf(id, fingerprint) === origin);
  if (found === undefined) throw new No('refused', `${origin}: the directory has no party of that name and identity`);
  return { origin, ...logKeysOf(directory, found.id) };
}

/** The name of that party's log. */
export function originIn(directory: Directory, party: string): string {
  const entry = directory.parties.get(party);
  if (entry === undefined) throw new No('refused', `${party} is not in the directory`);
  return originOf(party, entry.fingerprint);
}
