// The two tables by which effects happen exactly once over a broker that delivers at least once: what was handled, and
// what is still to be sent. Every app with a store has them, beside its own.
import type { Migration } from '@anonymesh/store';

export const courierTables: Migration = {
  name: 'courier-1',
  async up(transaction) {
    await transaction.schema.createTable('handled', (table) => {
      table.string('id', 22).primary();
      table.bigInteger('handled_at').notNullable().index();
    });
    await transaction.schema.createTable('outbox', (table) => {
      table.string('id', 22).primary();
      table.string('subject', 128).notNullable();
      table.binary('sealed').notNullable();
      table.bigInteger('not_before').notNullable();
    });
  },
};
