// A holder's records in MySQL or MariaDB. A read-only transaction on a connection that carries one statement at a time,
// prepared by the server, so that values travel apart from the text.
import knex from 'knex';
import type { Connection } from 'mysql2';
import mysql, { type Pool, type PoolConnection } from 'mysql2/promise';
import { bind } from './bind.js';
import { SourceFault } from './source-fault.js';
import type { Limits, Row, Source } from './source.js';
import { within } from './within.js';

// knex would put escaped values into the text when it runs a statement itself; here it only compiles.
const compiler = knex({ client: 'mysql2' });

export function openMysql(url: string): Source {
  const pool = mysql.createPool({
    uri: url,
    connectionLimit: 8,
    connectTimeout: 5000,
    dateStrings: true,
    supportBigNumbers: true,
    multipleStatements: false,
  });
  return {
    run: async (statement, parameters, limits) => {
      const { text, values } = bind(statement, 'mysql', parameters);
      const { sql, bindings } = compiler.raw(text, values).toSQL().toNative();
      const connection = await pool.getConnection().catch(unavailable);
      try {
        const rows = await within(
          limits.milliseconds,
          () => select(connection, sql, bindings, limits),
          () => kill(pool, connection),
        );
        connection.release();
        return rows;
      } catch (cause) {
        // Also ends a statement that still has rows to send.
        connection.destroy();
        throw cause instanceof SourceFault ? cause : new SourceFault(codeOf(cause), cause);
      }
    },
    close: () => pool.end(),
  };
}

async function select(
  connection: PoolConnection,
  sql: string,
  bindings: readonly unknown[],
  { rows, milliseconds }: Limits,
): Promise<readonly Row[]> {
  await connection.query(await timeLimit(connection, milliseconds));
  await connection.query('start transaction read only');
  const answer: Row[] = [];
  // The driver streams, and so lets go after the limit, only below its promises.
  const plain = connection.connection as unknown as Connection;
  for await (const row of plain.execute(sql, bindings as string[]).stream({ highWaterMark: 100 })) {
    if (answer.push(row as Row) > rows) throw new SourceFault('too-many-rows');
  }
  await connection.query('rollback');
  return answer;
}

const products = new WeakMap<object, 'MariaDB' | 'MySQL'>();

async function timeLimit(connection: PoolConnection, milliseconds: number): Promise<string> {
  let product = products.get(connection.connection);
  if (product === undefined) {
    const [rows] = await connection.query('select version() as version');
    product = JSON.stringify(rows).includes('MariaDB') ? 'MariaDB' : 'MySQL';
    products.set(connection.connection, product);
  }
  return product === 'MariaDB'
    ? `set session max_statement_time = ${milliseconds / 1000}`
    : `set session max_execution_time = ${milliseconds}`;
}

async function kill(pool: Pool, connection: PoolConnection): Promise<void> {
  const { threadId } = connection;
  connection.destroy();
  // If it cannot be killed it has ended meanwhile, or the server is gone: either way nothing of it runs.
  await pool.query('kill ?', [threadId]).catch(() => undefined);
}

function codeOf(error: unknown) {
  const { errno, code } = error as { errno?: number; code?: string };
  // ER_STATEMENT_TIMEOUT (MariaDB), ER_QUERY_TIMEOUT and ER_QUERY_INTERRUPTED (MySQL).
  if (errno === 1969 || errno === 3024 || errno === 1317) return 'timeout';
  // Too many connections, not let in, no such database, shutting down, killed.
  const passing = [1040, 1044, 1045, 1049, 1053, 1203, 1927, 3159];
  return code?.startsWith('ER_') && errno !== undefined && !passing.includes(errno) ? 'statement' : 'unavailable';
}

function unavailable(cause: unknown): never {
  throw new SourceFault('unavailable', cause);
}
