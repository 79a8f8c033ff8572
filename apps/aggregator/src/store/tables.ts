// The aggregator's tables: by query ID, and with nothing about a person.
import type { Migration } from '@anonymesh/store';

export const tables: readonly Migration[] = [
  {
    name: 'aggregator-1',
    async up(transaction) {
      await transaction.schema.createTable('queries', (table) => {
        table.string('id', 32).primary();
        table.string('agreement', 43).notNullable();
        table.string('nonce', 22).notNullable();
        table.string('requester', 32).notNullable();
        table.bigInteger('expected_at').notNullable();
        table.bigInteger('due').notNullable();
        table.bigInteger('kept_until').notNullable().index();
        table.string('state', 16).notNullable();
        table.integer('heard').notNullable();
        table.text('outcome');
        table.index(['state', 'due']);
      });
      await transaction.schema.createTable('words', (table) => {
        table.string('query_id', 32).notNullable();
        table.string('holder', 32).notNullable();
        table.string('agreement', 43).notNullable();
        table.string('kind', 16).notNullable();
        table.text('signed').notNullable();
        table.text('explanation');
        table.bigInteger('kept_until').notNullable().index();
        table.primary(['query_id', 'holder']);
      });
    },
  },
];
