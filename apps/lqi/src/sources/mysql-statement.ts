// One statement of MySQL or MariaDB: what the driver is told, and what the faults mean.
import knex from 'knex';
import type { Connection } from 'mysql2';
import type { PoolConnection } from 'mysql2/promise';
import { bind } from './bind.js';
import { SourceFault } from './source-fault.js';
import type { Parameters, Statement } from './source.js';

// knex would put escaped values into the text when it runs a statement itself; here it only compiles.
const compiler = knex({ client: 'mysql2' });

export interface Compiled {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

export function compile(statement: Statement, parameters: Parameters): Compiled {
  const { text, values } = bind(statement, 'mysql', parameters);
  return compiler.raw(text, values).toSQL().toNative();
}

/** Begins a read-only transaction on a connection whose statements the server ends at this limit. */
export async function begin(connection: PoolConnection, milliseconds: number): Promise<void> {
  await connection.query(await timeLimit(connection, milliseconds));
  await connection.query('start transaction read only');
}

/** Its rows as a stream of objects. */
export function execute(connection: PoolConnection, { sql, bindings }: Compiled, highWaterMark: number) {
  // The driver streams, and so lets go after the limit, only below its promises.
  const plain = connection.connection as unknown as Connection;
  const rows = plain.execute(sql, bindings as string[]).stream({ highWaterMark });
  // Nor does it tell a stream that its connection is lost.
  const lost = (cause: Error) => rows.destroy(cause);
  plain.once('error', lost);
  return rows.once('close', () => plain.off('error', lost));
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

export function faultOf(cause: unknown): SourceFault {
  return cause instanceof SourceFault ? cause : new SourceFault(codeOf(cause), cause);
}

function codeOf(error: unknown) {
  const { errno, code } = error as { errno?: number; code?: string };
  // ER_STATEMENT_TIMEOUT (MariaDB), ER_QUERY_TIMEOUT and ER_QUERY_INTERRUPTED (MySQL).
  if (errno === 1969 || errno === 3024 || errno === 1317) return 'timeout';
  // Too many connections, not let in, no such database, shutting down, killed.
  const passing = [1040, 1044, 1045, 1049, 1053, 1203, 1927, 3159];
  return code?.startsWith('ER_') && errno !== undefined && !passing.includes(errno) ? 'statement' : 'unavailable';
}
