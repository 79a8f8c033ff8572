// Lends connections of a holder's PostgreSQL, and says what its faults mean.
import { openDatabaseTls, type TlsFiles } from '@anonymesh/runtime';
import { quiet } from '@anonymesh/store';
import knex from 'knex';
import { bind } from './bind.js';
import { SourceFault } from './source-fault.js';
import type { Parameters, Row, Statement } from './source.js';

/** What is used of the driver's connections. */
export interface Connection {
  query(query: { text: string; values: readonly unknown[]; queryMode: 'extended' }): Promise<{ rows: Row[] }>;
  setTypeParser(oid: number, parse: (text: string) => unknown): void;
  /** Read by knex before it lends a connection again. */
  __knex__disposed?: unknown;
  connection: { stream: { destroy(): void } };
}

/** What is used of knex's pool, which it does not declare. */
interface Pool {
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
}

export interface Connections {
  compile(statement: Statement, parameters: Parameters): { sql: string; bindings: readonly unknown[] };
  borrow(): Promise<Connection>;
  /** With a cause, the connection is not lent again. */
  giveBack(connection: Connection, cause?: unknown): Promise<void>;
  close(): Promise<void>;
}

export function openConnections(url: string, tls?: TlsFiles): Connections {
  const driver = knex({
    ...quiet,
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: 'anonymesh',
      connectionTimeoutMillis: 5000,
      ...(tls === undefined ? {} : { ssl: openDatabaseTls(url, tls) }),
    },
    acquireConnectionTimeout: 6000,
    pool: { min: 0, max: 8, afterCreate: prepare },
  });
  const pool = driver.client as Pool;
  return {
    compile: (statement, parameters) => {
      const { text, values } = bind(statement, 'postgresql', parameters);
      return driver.raw(text, values).toSQL().toNative();
    },
    borrow: () =>
      pool.acquireConnection().catch((cause: unknown) => {
        throw new SourceFault('unavailable', cause);
      }),
    giveBack: async (connection, cause) => {
      if (cause !== undefined) {
        connection.__knex__disposed = cause;
        cutOff(connection);
      }
      await pool.releaseConnection(connection);
    },
    close: () => driver.destroy(),
  };
}

/** As the protocol's extended query, in which the server takes one statement and no more. */
export function ask(connection: Connection, text: string, values: readonly unknown[] = []): Promise<{ rows: Row[] }> {
  return connection.query({ text, values, queryMode: 'extended' });
}

/** Without a word to the server, which may not be listening. */
export function cutOff(connection: Connection): void {
  connection.connection.stream.destroy();
}

export function faultOf(cause: unknown): SourceFault {
  return cause instanceof SourceFault ? cause : new SourceFault(codeOf(cause), cause);
}

function codeOf(error: unknown) {
  const state = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (state === '57014') return 'timeout';
  // Class 08: connection; 53: resources; 57: an operator intervened; 28: not let in; 3D000: no such database.
  return /^(?!08|53|57|28|3D)[0-9A-Z]{5}$/.test(state) ? 'statement' : 'unavailable';
}

function prepare(connection: Connection, done: (error: Error | null, connection: Connection) => void): void {
  keepText(connection);
  const ready = ask(connection, `select ${settings.map((setting) => `set_config(${setting}, false)`).join(', ')}`);
  ready.then(
    () => done(null, connection),
    (cause: Error) => {
      cutOff(connection);
      done(cause, connection);
    },
  );
}

// Should a statement ever get out of its read-only transaction, it is in the next one; and a backslash in a literal is
// what `bind` takes it for.
const settings = [`'default_transaction_read_only', 'on'`, `'standard_conforming_strings', 'on'`];

// The driver would make a Date of a date, at midnight of whatever time zone this process is in.
function keepText(connection: Connection): void {
  const asText = { date: 1082, timestamp: 1114, timestamptz: 1184, interval: 1186 };
  for (const oid of Object.values(asText)) connection.setTypeParser(oid, (text) => text);
  const int8 = 20;
  connection.setTypeParser(int8, (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text));
}
