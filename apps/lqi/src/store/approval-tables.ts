// What people decide before a query is evaluated.
import type { Migration } from '@anonymesh/store';

export const approvalTables: readonly Migration[] = [
  {
    name: 'lqi-query-approvals-1',
    async up(transaction) {
      for (const name of ['subqueries', 'set_queries'])
        await transaction.schema.alterTable(name, (table) => {
          table.integer('needs').notNullable().defaultTo(0);
        });
      await transaction.schema.createTable('query_decisions', (table) => {
        table.string('query_id', 32).notNullable();
        table.string('decided_by', 255).notNullable();
        table.string('decision', 16).notNullable();
        table.text('reason');
        table.bigInteger('decided_at').notNullable();
        table.primary(['query_id', 'decided_by']);
      });
    },
  },
];
