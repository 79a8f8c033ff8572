// What a node knows of agreements: documents, signatures, and of each party the status that counts. Of what this party has
// signed nothing is deleted: a withdrawal that was forgotten would be none. What it has not signed is a draft to it, and goes
// when it is past.
import type { Migration } from '@anonymesh/store';

export const standingTables: readonly Migration[] = [
  {
    name: 'standing-1',
    async up(transaction) {
      await transaction.schema.createTable('agreements', (table) => {
        table.string('hash', 43).primary();
        table.text('content').notNullable();
      });
      await transaction.schema.createTable('agreement_signatures', (table) => {
        table.string('agreement', 43).notNullable();
        table.string('party', 32).notNullable();
        table.text('signature').notNullable();
        table.primary(['agreement', 'party']);
      });
      await transaction.schema.createTable('agreement_statuses', (table) => {
        table.string('agreement', 43).notNullable();
        table.string('party', 32).notNullable();
        table.string('state', 16).notNullable();
        table.bigInteger('sequence').notNullable();
        table.bigInteger('from').notNullable();
        table.bigInteger('until').notNullable();
        table.text('signed').notNullable();
        table.primary(['agreement', 'party']);
      });
    },
  },
  {
    name: 'standing-2',
    async up(transaction) {
      await transaction.schema.alterTable('agreements', (table) => {
        // Who told of it first; null where an older version kept it.
        table.string('brought_by', 32).index();
      });
    },
  },
];
