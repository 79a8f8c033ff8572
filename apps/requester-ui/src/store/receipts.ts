// What parties testified about a query, sealed to the agreement's auditor: kept for whoever shows it to the auditor.
import type { QueryId } from '@anonymesh/protocol';
import type { Migration } from '@anonymesh/store';
import type { Knex } from 'knex';

export const receiptTables: Migration = {
  name: 'requester-receipts-1',
  async up(transaction) {
    await transaction.schema.createTable('receipts', (table) => {
      table.string('query_id', 32).primary();
      table.text('signed').notNullable();
      table.text('sealed').notNullable();
    });
  },
};

export interface ReceiptRow {
  readonly query_id: QueryId;
  /** The aggregator's letter `receipt`, as it signed it. */
  readonly signed: string;
  /** The testimonies that it names, in its order, a line each. */
  readonly sealed: string;
}

/** Returns whether it is the first of its query. */
export async function insertReceipt(knex: Knex, row: ReceiptRow): Promise<boolean> {
  const inserted = await knex<ReceiptRow>('receipts').insert(row).onConflict('query_id').ignore().returning('query_id');
  return inserted.length === 1;
}

export function findReceipt(knex: Knex, id: QueryId): Promise<ReceiptRow | undefined> {
  return knex<ReceiptRow>('receipts').where({ query_id: id }).first();
}

/** Of the queries that a statement selects. */
export async function eraseReceipts(knex: Knex, queries: Knex.QueryBuilder): Promise<void> {
  await knex<ReceiptRow>('receipts')
    .whereIn('query_id', queries as never)
    .delete();
}
