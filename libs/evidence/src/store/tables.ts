// The log's tables, in its party's own store: entries that wait for their place, entries, hashes of subtrees, and the
// checkpoints that were signed. There is no column for a person or for what anybody said.
import type { Migration } from '@anonymesh/store';

export const evidenceTables: Migration = {
  name: 'evidence-1',
  async up(transaction) {
    await transaction.schema.createTable('evidence_pending', (table) => {
      table.bigIncrements('id');
      table.text('entries').notNullable();
    });
    await transaction.schema.createTable('evidence_entries', (table) => {
      table.bigInteger('n').primary();
      table.string('query', 32).index();
      table.text('entry').notNullable();
      table.binary('leaf').notNullable();
      table.binary('salt');
    });
    await transaction.raw('create index evidence_salts on evidence_entries (n) where salt is not null');
    await transaction.schema.createTable('evidence_subtrees', (table) => {
      table.integer('level').notNullable();
      table.bigInteger('position').notNullable();
      table.binary('hash').notNullable();
      table.primary(['level', 'position']);
    });
    await transaction.schema.createTable('evidence_head', (table) => {
      table.integer('id').primary();
      table.bigInteger('size').notNullable();
      table.binary('peaks').notNullable();
      table.bigInteger('counted').notNullable();
    });
    await transaction.schema.createTable('evidence_checkpoints', (table) => {
      table.bigInteger('size').primary();
      table.text('note').notNullable();
      table.bigInteger('signed_at').notNullable();
    });
    await transaction('evidence_head').insert({ id: 1, size: 0, peaks: Buffer.alloc(0), counted: 0 });
  },
};

export interface EntryRow {
  n: number;
  query: string | null;
  entry: string;
  leaf: Buffer;
  salt: Buffer | null;
}
