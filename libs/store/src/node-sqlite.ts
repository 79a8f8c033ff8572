// knex's SQLite dialect over the `node:sqlite` that comes with Node: no binary to build or download. Used for an app's
// embedded store and, read-only, for a holder's SQLite records.
import type { Knex } from 'knex';
import BetterSqlite3 from 'knex/lib/dialects/better-sqlite3/index.js';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { SqliteConnection, type SqliteOptions } from './sqlite-connection.js';

/** What knex hands to a dialect, as far as it is used here. */
interface Query {
  sql: string;
  bindings?: unknown[];
  response?: unknown;
  context?: unknown;
}

/** SQLite's primary result codes. */
const busy = 5;
const full = 13;
const waitForLockMilliseconds = 10_000;

/** `knex({ client: NodeSqlite, connection: { filename, readOnly } })`. */
export class NodeSqlite extends BetterSqlite3 {
  override _driver(): unknown {
    return DatabaseSync;
  }

  override async acquireRawConnection(): Promise<SqliteConnection> {
    const connection = new SqliteConnection(this.connectionSettings as SqliteOptions);
    // FULL: what is committed survives a loss of power, not only of the process. And what is deleted is overwritten: a
    // freed place of the file keeps what was there last.
    const pragmas = connection.readOnly
      ? 'pragma query_only = on'
      : 'pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on';
    await whenUnlocked(() => connection.exec(pragmas));
    return connection;
  }

  // knex asks the driver's own connection for its state; ours has none to be unsure of.
  override validateConnection(): Promise<boolean> {
    return Promise.resolve(true);
  }

  // Called by knex's base client.
  async _query(connection: SqliteConnection, query: Query): Promise<Query> {
    const sql = query.sql === 'BEGIN;' && !connection.readOnly ? 'BEGIN IMMEDIATE;' : query.sql;
    const done = await whenUnlocked(() => {
      const isOver = '__knexTxId' in connection && !connection.isInTransaction && !sql.startsWith('BEGIN');
      return isOver ? rolledBack(sql) : connection.run(sql, this.bindings(query));
    });
    query.response = done.rows ?? done;
    query.context = done;
    return query;
  }

  async _stream(connection: SqliteConnection, query: Query, stream: NodeJS.WritableStream): Promise<void> {
    await pipeline(Readable.from(connection.iterate(query.sql, this.bindings(query))), stream);
  }

  private bindings(query: Query): SQLInputValue[] {
    return this._formatBindings(query.bindings);
  }
}

/** The embedded dialect as knex options take it. */
export function nodeSqlite(connection: SqliteOptions): Knex.Config {
  return { client: NodeSqlite, connection: { ...connection }, useNullAsDefault: true };
}

// A full disk makes SQLite roll back by itself, in the middle of a transaction. What knex still sends of it must not be
// written as if it stood alone; to roll back is then no mistake, and must not hide why.
function rolledBack(sql: string): { rows: [] } {
  if (sql === 'ROLLBACK') return { rows: [] };
  throw new Error('SQLite has rolled this transaction back');
}

// SQLite's own busy timeout sleeps on the event loop, where it would keep a lock's holder in the same process from ever
// letting go. A transaction takes the write lock at its start (`begin immediate`), so that waiting is always safe:
// nothing has been read yet that could have changed.
async function whenUnlocked<T>(attempt: () => T): Promise<T> {
  for (const deadline = Date.now() + waitForLockMilliseconds; ;) {
    try {
      return attempt();
    } catch (error) {
      if (!isNativeError(error) || !('errcode' in error)) throw error;
      const code = Number(error.errcode) & 0xff;
      // Node has one code for all that SQLite says; a log, which has no messages, is to tell this one.
      if (code === full) throw Object.assign(error, { code: 'SQLITE_FULL' });
      if (code !== busy || Date.now() > deadline) throw error;
    }
    await delay(5 + Math.random() * 20);
  }
}
