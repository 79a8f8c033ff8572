// Reads a log: its entries in order, or those about one query; and forgets salts, which is all that the log ever forgets.
import type { QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import type { EntryRow } from './tables.js';

export interface Stored {
  readonly n: number;
  readonly text: string;
  readonly leaf: Buffer;
  /** Undefined once it has been erased. */
  readonly salt: Buffer | undefined;
}

/** In order, from `from` before `to`, at most `limit`. */
export async function readEntries(
  knex: Knex,
  { from = 0, to = Number.MAX_SAFE_INTEGER, limit = 1000 } = {},
): Promise<Stored[]> {
  const rows = knex<EntryRow>('evidence_entries').where('n', '>=', from).where('n', '<', to);
  return (await rows.orderBy('n').limit(limit)).map(storedOf);
}

/** Those about one query, in a log of that size. */
export async function entriesAbout(knex: Knex, query: QueryId, size = Number.MAX_SAFE_INTEGER): Promise<Stored[]> {
  const rows = await knex<EntryRow>('evidence_entries').where({ query }).where('n', '<', size).orderBy('n');
  return rows.map(storedOf);
}

/** Forgets for good what can open the entries about these queries. The entries stay. Resolves to how many. */
export async function eraseSalts(knex: Knex, queries: readonly QueryId[]): Promise<number> {
  if (queries.length === 0) return 0;
  const about = knex<EntryRow>('evidence_entries').whereIn('query', queries).whereNotNull('salt');
  return about.update({ salt: null });
}

function storedOf({ n, entry, leaf, salt }: EntryRow): Stored {
  return { n, text: entry, leaf, salt: salt ?? undefined };
}
