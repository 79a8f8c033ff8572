// The process that reads a holder's SQLite file, and nothing else. Its one parameter is the file.
import { nodeSqlite, quiet } from '@anonymesh/store';
import knex from 'knex';
import { answerAsKillable } from './killable-child.js';
import { SourceFault } from './source-fault.js';
import type { Row } from './source.js';
import type { SqliteQuestion } from './sqlite.js';

const [, , filename = ''] = process.argv;
const file = knex({ ...quiet, ...nodeSqlite({ filename, readOnly: true }) });

answerAsKillable<SqliteQuestion>(async () => {
  await file.raw('select 1');
}, read);

async function* read({ text, values }: SqliteQuestion): AsyncGenerator<Row, void> {
  try {
    // Few at a time, for every row beyond the limit is one that nobody should have read.
    for await (const row of file.raw(text, values).stream({ highWaterMark: 16 })) yield row as Row;
  } catch (cause) {
    throw new SourceFault(codeOf(cause), cause);
  }
}

function codeOf(error: unknown) {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  // Busy, locked, out of memory, input or output, corrupt, full, cannot open, not a database.
  return [5, 6, 7, 10, 11, 13, 14, 26].includes(code) ? 'unavailable' : 'statement';
}
