// Sketches of the sets that were read for a requester under an agreement, by which one sees how much the next differs.
import type { PartyId, QueryId } from '@anonymesh/protocol';
import { lockNames, type Migration } from '@anonymesh/store';
import type { Knex } from 'knex';

export interface KeptSketch {
  query_id: QueryId;
  agreement_id: string;
  requester: PartyId;
  /** Milliseconds since 1970, as `kept_until`. */
  at: number;
  cells: Buffer;
  kept_until: number;
}

export const sketchTables: Migration = {
  name: 'lqi-sketches-1',
  async up(transaction) {
    await transaction.schema.createTable('sketches', (table) => {
      table.string('query_id', 32).primary();
      table.string('agreement_id', 63).notNullable();
      table.string('requester', 32).notNullable();
      table.bigInteger('at').notNullable();
      table.binary('cells').notNullable();
      table.bigInteger('kept_until').notNullable().index();
      table.index(['agreement_id', 'requester']);
    });
  },
};

/** The last first. Until the transaction ends nobody else looks for these. */
export async function earlierSketches(
  transaction: Knex,
  { query_id, agreement_id, requester, at }: KeptSketch,
): Promise<Buffer[]> {
  await lockNames(transaction, [`sketches ${agreement_id} ${requester}`]);
  return transaction<KeptSketch>('sketches')
    .where({ agreement_id, requester })
    .whereNot({ query_id })
    .where('kept_until', '>', at)
    .orderBy('at', 'desc')
    .pluck('cells');
}

export async function insertSketch(transaction: Knex, sketch: KeptSketch): Promise<void> {
  await transaction<KeptSketch>('sketches').insert(sketch).onConflict('query_id').ignore();
}

export function eraseSketches(knex: Knex, now: number): Promise<number> {
  return knex<KeptSketch>('sketches').where('kept_until', '<=', now).delete();
}
