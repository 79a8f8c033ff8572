// What is kept for a testimony: this holder's word on each query, as it signed it, and whether it has testified. Only under
// agreements that name an auditor.
import { gather } from '@anonymesh/courier';
import type { QueryId } from '@anonymesh/protocol';
import type { Migration } from '@anonymesh/store';
import type { Knex } from 'knex';

const queryTables = ['subqueries', 'set_queries'] as const;

export const testimonyTables: Migration = {
  name: 'lqi-testimonies-1',
  async up(transaction) {
    for (const name of queryTables) {
      await transaction.schema.alterTable(name, (table) => {
        table.boolean('testified').notNullable().defaultTo(false);
      });
      await transaction.raw(`create index ${name}_to_testify on ${name} (agreement, kept_until) where not testified`);
    }
    await transaction.schema.createTable('own_words', (table) => {
      table.string('query_id', 32).primary();
      table.text('signed').notNullable();
      table.bigInteger('kept_until').notNullable().index();
    });
  },
};

export interface OwnWord {
  readonly query_id: QueryId;
  /** The JWS of the answer or refusal. */
  readonly signed: string;
  readonly kept_until: number;
}

/** The first word on a query stands. */
export const keepWord = gather(async (transaction, words: readonly OwnWord[]) => {
  await transaction<OwnWord>('own_words')
    .insert([...words])
    .onConflict('query_id')
    .ignore();
  return words;
});

/** A query that has ended here, and was taken up or refused. */
export interface Ended {
  readonly query_id: QueryId;
  readonly state: string;
  readonly kept_until: number;
  readonly table: (typeof queryTables)[number];
}

export interface ToTestify {
  /** Its hash. */
  readonly agreement: string;
  /** At the longest. */
  readonly keptUntil: number;
  readonly except: readonly QueryId[];
}

/** Not testified to yet. The oldest first. */
export async function queriesToTestify(
  knex: Knex,
  { agreement, keptUntil, except }: ToTestify,
  limit: number,
): Promise<Ended[]> {
  const found: Ended[] = [];
  for (const table of queryTables) {
    const rows = await knex(table)
      .where({ agreement })
      .whereRaw('not testified')
      .where('kept_until', '<=', keptUntil)
      .whereNot({ state: 'open' })
      .whereNotIn('query_id', except)
      .orderBy('kept_until')
      .limit(limit)
      .select<Omit<Ended, 'table'>[]>('query_id', 'state', 'kept_until');
    found.push(...rows.map((row) => ({ ...row, table })));
  }
  return found.slice(0, limit);
}

export async function findWords(knex: Knex, queries: readonly Ended[]): Promise<ReadonlyMap<QueryId, string>> {
  const ids = queries.map(({ query_id }) => query_id);
  const rows = await knex<OwnWord>('own_words').whereIn('query_id', ids).select('query_id', 'signed');
  return new Map(rows.map(({ query_id, signed }) => [query_id, signed]));
}

/** Returns whether it had not been done until now: another copy of this holder may have. The word is dropped. */
export async function markTestified(transaction: Knex.Transaction, { query_id, table }: Ended): Promise<boolean> {
  const marked = await transaction(table).where({ query_id }).whereRaw('not testified').update({ testified: true });
  await transaction<OwnWord>('own_words').where({ query_id }).delete();
  return marked === 1;
}

export function eraseWords(knex: Knex, now: number): Promise<number> {
  return knex<OwnWord>('own_words').where('kept_until', '<=', now).delete();
}
