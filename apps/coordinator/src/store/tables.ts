// The coordinator's tables. There is no column for a person, nor for what a holder said or what was concluded.
import { useTables, type Migration } from '@anonymesh/store';

export const tables: readonly Migration[] = [
  {
    name: 'coordinator-1',
    async up(transaction) {
      await transaction.schema.createTable('queries', (table) => {
        table.string('id', 32).primary();
        table.text('manifest').notNullable();
        table.text('slip');
        table.string('lookup_id', 22).unique();
        table.string('requester', 32).notNullable();
        table.string('agreement', 43).notNullable();
        table.string('state', 16).notNullable();
        table.bigInteger('deadline').notNullable().index();
        table.bigInteger('kept_until').notNullable().index();
      });
    },
  },
  useTables,
];
