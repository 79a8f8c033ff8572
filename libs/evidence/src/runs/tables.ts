// The tables of runs: of each the trees' leaves by pages, so that a proof reads one page, and two runs are joined page by
// page. All of it can be made again from the log's entries.
import type { Migration } from '@anonymesh/store';

export const runTables: Migration = {
  name: 'evidence-3',
  async up(transaction) {
    await transaction.schema.createTable('evidence_runs', (table) => {
      table.bigInteger('start').notNullable();
      table.bigInteger('finish').notNullable();
      table.bigInteger('queries');
      table.binary('root');
      table.primary(['start', 'finish']);
    });
    await transaction.schema.createTable('evidence_pages', (table) => {
      table.bigInteger('start').notNullable();
      table.bigInteger('finish').notNullable();
      table.integer('page').notNullable();
      table.string('query', 32).notNullable();
      table.binary('root').notNullable();
      table.text('lines').notNullable();
      table.primary(['start', 'finish', 'page']);
    });
  },
};

export interface RunRow {
  /** The place of its first entry, and the one after its last. */
  start: number;
  finish: number;
  /** Null while it is being made. */
  queries: number | null;
  root: Buffer | null;
}

export interface PageRow {
  start: number;
  finish: number;
  page: number;
  /** Of its first line. */
  query: string;
  /** Of its lines' leaves. */
  root: Buffer;
  lines: string;
}
