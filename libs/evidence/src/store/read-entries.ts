// Reads a log: its entries in order, or those about one query; and forgets salts, which is all that the log ever forgets.
import type { QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { readEntry } from '../entries/entry.js';
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

/** When the newest entry about any query was made; milliseconds since 1970. */
export async function lastAboutQuery(knex: Knex): Promise<number | undefined> {
  const row = await knex<EntryRow>('evidence_entries').whereNotNull('query').orderBy('n', 'desc').first('entry');
  return row === undefined ? undefined : readEntry(row.entry)?.at;
}

/**
 * Forgets for good what can open the entries about these queries, given as their ids or as a statement that selects
 * them. The entries stay. Resolves to how many.
 */
export async function eraseSalts(knex: Knex, queries: readonly QueryId[] | Knex.QueryBuilder): Promise<number> {
  const about = knex<EntryRow>('evidence_entries').whereNotNull('salt');
  const erased = Array.isArray(queries) ? about.whereIn('query', queries) : about.whereIn('query', queries as never);
  return erased.update({ salt: null });
}

/** Forgets all salts of entries that a checkpoint bound before that time; milliseconds since 1970. */
export async function eraseSaltsBefore(knex: Knex, time: number): Promise<number> {
  const last = await knex('evidence_checkpoints')
    .where('signed_at', '<', time)
    .max<{ size: number | null }>('size as size')
    .first();
  const size = last?.size ?? 0;
  return knex<EntryRow>('evidence_entries').whereNotNull('salt').where('n', '<', size).update({ salt: null });
}

function storedOf({ n, entry, leaf, salt }: EntryRow): Stored {
  return { n, text: entry, leaf, salt: salt ?? undefined };
}
