// The LQI's tables. A part is kept sealed, and only until its query is answered; the row itself stays as the replay
// record.
import type { Migration } from '@anonymesh/store';

export const tables: readonly Migration[] = [
  {
    name: 'lqi-1',
    async up(transaction) {
      await transaction.schema.createTable('subqueries', (table) => {
        table.string('query_id', 32).primary();
        table.string('agreement', 43).notNullable();
        table.string('coordinator', 32).notNullable();
        table.text('dispatched');
        table.string('state', 16).notNullable();
        table.string('code', 32);
        table.bigInteger('due').notNullable();
        table.bigInteger('next_try').notNullable();
        table.integer('tries').notNullable();
        table.bigInteger('kept_until').notNullable().index();
        table.index(['state', 'next_try']);
      });
    },
  },
];
