// The LQI's tables. A part is kept sealed, and only until its query is answered; so is what a set query needs to go on
// after a crash. The rows themselves stay as the replay records.
import { useTables, type Migration } from '@anonymesh/store';
import { sessionTables } from '@anonymesh/web';
import { approvalTables } from './approval-tables.js';
import { askedPersonTables } from './asked-persons.js';
import { disclosureTables } from './disclosure-tables.js';
import { sketchTables } from './sketches.js';
import { testimonyTables } from './testimonies.js';

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
  {
    name: 'lqi-2',
    async up(transaction) {
      await transaction.schema.createTable('set_queries', (table) => {
        table.string('query_id', 32).primary();
        table.string('agreement', 43).notNullable();
        table.string('coordinator', 32).notNullable();
        table.text('dispatched');
        table.text('seed');
        table.string('own_key', 43).notNullable();
        table.string('requester_key', 43).notNullable();
        table.string('keeper', 32).notNullable();
        table.string('state', 16).notNullable();
        table.string('stage', 16).notNullable();
        table.string('code', 32);
        table.string('reading', 32);
        table.integer('records').notNullable();
        table.integer('sent').notNullable();
        table.integer('told').notNullable();
        table.binary('matched');
        table.bigInteger('due').notNullable();
        table.bigInteger('next_try').notNullable();
        table.bigInteger('kept_until').notNullable().index();
        table.index(['state', 'next_try']);
      });
      await transaction.schema.createTable('chunks', (table) => {
        table.string('query_id', 32).notNullable();
        table.string('owner', 32).notNullable();
        table.integer('chunk').notNullable();
        table.integer('points').notNullable();
        table.string('hash', 43).notNullable();
        table.binary('bytes');
        table.primary(['query_id', 'owner', 'chunk']);
      });
      await transaction.schema.createTable('approvals', (table) => {
        table.string('id', 22).primary();
        table.string('query_id', 32).notNullable().index();
        table.text('record');
        table.string('decision', 16);
        table.text('reason');
        table.string('decided_by', 255);
        table.bigInteger('decided_at');
      });
    },
  },
  ...disclosureTables,
  ...approvalTables,
  ...sessionTables,
  useTables,
  ...askedPersonTables,
  sketchTables,
  testimonyTables,
];
