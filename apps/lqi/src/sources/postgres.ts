// A holder's records in PostgreSQL. The statement becomes a cursor in a read-only transaction: the server accepts only a
// single select there, computes no more rows than are fetched, and ends it at the time limit itself.
import { quiet } from '@anonymesh/store';
import knex from 'knex';
import { bind } from './bind.js';
import { SourceFault } from './source-fault.js';
import type { Limits, Row, Source } from './source.js';
import { within } from './within.js';

/** What is used of knex's pool, which it does not declare, and of the driver's connections. */
interface Pool {
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
}

interface Connection {
  query(text: string, values?: readonly unknown[]): Promise<{ rows: Row[] }>;
  setTypeParser(oid: number, parse: (text: string) => unknown): void;
  /** Read by knex before it lends a connection again. */
  __knex__disposed?: unknown;
  connection: { stream: { destroy(): void } };
}

export function openPostgres(url: string): Source {
  const driver = knex({
    ...quiet,
    client: 'pg',
    connection: { connectionString: url, application_name: 'anonymesh', connectionTimeoutMillis: 5000 },
    acquireConnectionTimeout: 6000,
    pool: { min: 0, max: 8, afterCreate: keepText },
  });
  const pool = driver.client as Pool;
  return {
    run: async (statement, parameters, limits) => {
      const { text, values } = bind(statement, 'postgresql', parameters);
      const { sql, bindings } = driver.raw(text, values).toSQL().toNative();
      const connection = await pool.acquireConnection().catch(unavailable);
      try {
        const abandon = () => connection.connection.stream.destroy();
        return await within(limits.milliseconds, () => select(connection, sql, bindings, limits), abandon);
      } catch (cause) {
        connection.__knex__disposed = cause;
        throw cause instanceof SourceFault ? cause : new SourceFault(codeOf(cause), cause);
      } finally {
        await pool.releaseConnection(connection);
      }
    },
    close: () => driver.destroy(),
  };
}

async function select(
  connection: Connection,
  sql: string,
  bindings: readonly unknown[],
  { rows, milliseconds }: Limits,
): Promise<readonly Row[]> {
  await connection.query('begin transaction read only');
  await connection.query(`select set_config('statement_timeout', $1, true)`, [String(milliseconds)]);
  await connection.query(`declare answer no scroll cursor for ${sql}`, bindings);
  const fetched = await connection.query(`fetch forward ${rows + 1} from answer`);
  await connection.query('rollback');
  if (fetched.rows.length > rows) throw new SourceFault('too-many-rows');
  return fetched.rows;
}

function codeOf(error: unknown) {
  const state = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (state === '57014') return 'timeout';
  // Class 08: connection; 53: resources; 57: an operator intervened; 28: not let in; 3D000: no such database.
  return /^(?!08|53|57|28|3D)[0-9A-Z]{5}$/.test(state) ? 'statement' : 'unavailable';
}

function unavailable(cause: unknown): never {
  throw new SourceFault('unavailable', cause);
}

// The driver would make a Date of a date, at midnight of whatever time zone this process is in.
function keepText(connection: Connection, done: (error: Error | null, connection: Connection) => void): void {
  const asText = { date: 1082, timestamp: 1114, timestamptz: 1184, interval: 1186 };
  for (const oid of Object.values(asText)) connection.setTypeParser(oid, (text) => text);
  const int8 = 20;
  connection.setTypeParser(int8, (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text));
  done(null, connection);
}
