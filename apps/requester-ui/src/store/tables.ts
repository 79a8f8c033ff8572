// The requester's tables. Here, in the requester's own organisation, is the only place where a person and an outcome
// stand in one row; what a holder said is not in it.
import { useTables, type Migration } from '@anonymesh/store';
import { sessionTables } from '@anonymesh/web';
import { receiptTables } from './receipts.js';

export const tables: readonly Migration[] = [
  {
    name: 'requester-1',
    async up(transaction) {
      await transaction.schema.createTable('queries', (table) => {
        table.string('id', 32).primary();
        table.string('kind', 8).notNullable();
        table.string('agreement', 43).notNullable();
        table.string('agreement_id', 64).notNullable();
        table.string('reference', 21).index();
        table.integer('t').notNullable();
        table.string('asker', 255).notNullable();
        table.string('role', 64).notNullable();
        table.text('fields').notNullable();
        table.string('nonce', 22).notNullable();
        table.text('manifest').notNullable();
        table.text('parts');
        table.text('slip');
        table.string('wish', 22);
        table.string('state', 16).notNullable();
        table.boolean('admitted').notNullable();
        table.integer('answered').notNullable();
        table.integer('holders').notNullable();
        table.string('stage', 16);
        table.integer('percent');
        table.string('outcome', 16);
        table.string('code', 64);
        table.integer('people');
        table.text('outcome_signed');
        table.bigInteger('asked_at').notNullable();
        table.bigInteger('deadline').notNullable();
        table.bigInteger('ask_at');
        table.integer('attempts').notNullable();
        table.bigInteger('kept_until').notNullable().index();
        table.index(['asker', 'asked_at', 'id']);
        table.index(['state', 'deadline']);
      });
      // What a set query released, sealed by its holders to us, as it came.
      await transaction.schema.createTable('match_letters', (table) => {
        table.string('query_id', 32).notNullable();
        table.integer('letter').notNullable();
        table.integer('letters').notNullable();
        table.text('sealing').notNullable();
        table.text('slots').notNullable();
        table.bigInteger('kept_until').notNullable().index();
        table.primary(['query_id', 'letter']);
      });
    },
  },
  ...sessionTables,
  receiptTables,
  {
    name: 'requester-2',
    async up(transaction) {
      await transaction.schema.alterTable('queries', (table) => {
        table.bigInteger('ended_at');
      });
    },
  },
  useTables,
];
