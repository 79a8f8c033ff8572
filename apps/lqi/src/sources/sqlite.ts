// A holder's records in a SQLite file, read by a child process: the only way to stop a statement of SQLite.
import { bind, type Bound } from './bind.js';
import { keepKillable } from './killable.js';
import type { Limits, Row, Source } from './source.js';

export type SqliteQuestion = Bound & Pick<Limits, 'rows'>;

/** The file must exist; if its journal is in WAL mode, its folder must be writable too. */
export function openSqlite(file: string): Source {
  const child = keepKillable<SqliteQuestion, readonly Row[]>(new URL('./sqlite-child.js', import.meta.url), [file]);
  return {
    run: async (statement, parameters, { rows, milliseconds }) =>
      child.ask({ ...bind(statement, 'sqlite', parameters), rows }, milliseconds),
    close: () => child.close(),
  };
}
