// The process that reads a holder's SQLite file, and nothing else. Its one parameter is the file.
import { nodeSqlite, quiet, type SqliteConnection } from '@anonymesh/store';
import knex from 'knex';
import type { SQLInputValue } from 'node:sqlite';
import { answerAsKillable } from './killable-child.js';
import { SourceFault } from './source-fault.js';
import type { Row } from './source.js';
import type { SqliteQuestion } from './sqlite.js';

const [, , filename = ''] = process.argv;
const compiler = knex({ ...quiet, ...nodeSqlite({ filename, readOnly: true }) });
// What is used of knex's pool, which it does not declare.
const pool = compiler.client as { acquireConnection(): Promise<SqliteConnection> };
let file: SqliteConnection | undefined;

answerAsKillable<SqliteQuestion>(async () => {
  // By way of knex, which waits while another program has locked the file.
  file ??= await pool.acquireConnection();
}, read);

/** Row by row as they are asked for: every row beyond the limit is one that nobody should have read. */
function* read({ text, values }: SqliteQuestion): Generator<Row, void> {
  try {
    const { sql, bindings } = compiler.raw(text, values).toSQL().toNative();
    if (file === undefined) throw new Error('not open');
    yield* file.iterate(sql, bindings as SQLInputValue[]);
  } catch (cause) {
    throw new SourceFault(codeOf(cause), cause);
  }
}

function codeOf(error: unknown) {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  // Busy, locked, out of memory, input or output, corrupt, full, cannot open, not a database.
  return [5, 6, 7, 10, 11, 13, 14, 26].includes(code) ? 'unavailable' : 'statement';
}
