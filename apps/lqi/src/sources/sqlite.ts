// A holder's records in a SQLite file, read by child processes: the only way to stop a statement of SQLite.
import { bind, type Bound } from './bind.js';
import { openKillableStreams } from './killable-streams.js';
import { keepKillable } from './killable.js';
import type { Limits, Source } from './source.js';

export type SqliteQuestion = Bound & Pick<Limits, 'rows'>;

/** The file must exist; if its journal is in WAL mode, its folder must be writable too. */
export function openSqlite(file: string): Source {
  const entry = new URL('./sqlite-child.js', import.meta.url);
  const children = keepKillable<SqliteQuestion>(entry, [file]);
  const streams = openKillableStreams<SqliteQuestion>(entry, [file]);
  return {
    run: async (statement, parameters, { rows, milliseconds }) =>
      children.ask(JSON.stringify(statement), { ...bind(statement, 'sqlite', parameters), rows }, milliseconds),
    stream: async function* (statement, parameters, { rows, milliseconds, signal }) {
      yield* streams.stream({ ...bind(statement, 'sqlite', parameters), rows }, milliseconds, signal);
    },
    close: async () => {
      await Promise.all([children.close(), streams.close()]);
    },
  };
}
