// What an auditor does with the parties' stores: reads each log as its administrator would hand it over.
import {
  checkLog,
  makePart,
  originOf,
  readEntry,
  readEntries,
  writeLog,
  type Checked,
  type Entry,
} from '@anonymesh/evidence';
import { placesOf } from '@anonymesh/founding';
import { base64url, publicKeyFrom, type PartyId, type QueryId } from '@anonymesh/protocol';
import type { Receipt } from '@anonymesh/receipts';
import { openStore, type Store } from '@anonymesh/store';
import { openTrust, publicBytes, readKeyFile, type Directory } from '@anonymesh/trust';
import type { TestMesh } from '../mesh/start-test-mesh.js';

export interface Auditor {
  readonly directory: Directory;
  entries(id: PartyId, query?: QueryId): Promise<Entry[]>;
  check(id: PartyId): Promise<Checked>;
  /** The party's share of the receipt, with what its store has of the signed papers. */
  share(id: PartyId, query: QueryId, askedAt: number): Promise<Receipt>;
}

export function auditorOf(mesh: Pick<TestMesh, 'dir'>): Auditor {
  const places = placesOf(mesh.dir, 'coordinator');
  const operator = base64url(publicBytes(readKeyFile(places.key('operator'), 'Ed25519')));
  const { directory } = openTrust({ directory: places.directory, operator, agreements: places.agreements });
  const within = async <Result>(id: PartyId, read: (store: Store) => Promise<Result>): Promise<Result> => {
    const store = await openStore({ kind: 'embedded', file: placesOf(mesh.dir, id).state });
    return read(store).finally(() => store.close());
  };
  const entryOf = (id: PartyId) => {
    const entry = directory.parties.get(id);
    if (entry === undefined) throw new Error(`${id} is not in the directory`);
    return { ...entry, origin: originOf(id, entry.fingerprint) };
  };
  return {
    directory,
    entries: (id, query) =>
      within(id, async ({ knex }) => {
        const all = (await readEntries(knex, { limit: 10_000 })).flatMap(({ text }) => readEntry(text) ?? []);
        return query === undefined ? all : all.filter((each) => 'query' in each && each.query === query);
      }),
    check: (id) =>
      within(id, async ({ knex }) => {
        const { origin, signing } = entryOf(id);
        const keys = signing.map(({ key }) => publicKeyFrom('Ed25519', Buffer.from(key, 'base64url')));
        return checkLog(writeLog(knex, origin), { origin, keys });
      }),
    share: (id, query, askedAt) =>
      within(id, async ({ knex }) => {
        const part = await makePart(knex, { query, askedAt, opens: true });
        const parts = part === undefined ? [] : [part];
        const share = { type: 'anonymesh/receipt/v1' as const, query, statuses: [], parts };
        if (id !== 'aggregator') return { ...share, words: [] };
        const [row] = await knex('queries').where({ id: query }).select<{ outcome: string }[]>('outcome');
        const words = await knex('words').where({ query_id: query }).pluck<string[]>('signed');
        return { ...share, words, ...(row === undefined ? {} : { outcome: row.outcome }) };
      }),
  };
}
