// A holder's records in MySQL or MariaDB. A read-only transaction on a connection that carries one statement at a time,
// prepared by the server, so that values travel apart from the text.
import type { TlsFiles } from '@anonymesh/runtime';
import mysql, { type Pool, type PoolConnection } from 'mysql2/promise';
import { mayWrite } from './mysql-rights.js';
import { begin, compile, execute, faultOf, type Compiled } from './mysql-statement.js';
import { securedBy } from './mysql-tls.js';
import { SourceFault } from './source-fault.js';
import { batchSize, type Limits, type Row, type Source, type StreamLimits } from './source.js';
import { limitWaiting } from './waiting.js';
import { within } from './within.js';

export function openMysql(url: string, tls?: TlsFiles): Source {
  const pool = mysql.createPool({
    uri: url,
    connectionLimit: 8,
    connectTimeout: 5000,
    dateStrings: true,
    supportBigNumbers: true,
    multipleStatements: false,
    ...(tls === undefined ? {} : { ssl: securedBy(url, tls) }),
  });
  const run: Source['run'] = async (statement, parameters, limits) => {
    const compiled = compile(statement, parameters);
    const connection = await pool.getConnection().catch(unavailable);
    try {
      const rows = await within(
        limits.milliseconds,
        () => select(connection, compiled, limits),
        () => kill(pool, connection),
      );
      connection.release();
      return rows;
    } catch (cause) {
      // Also ends a statement that still has rows to send.
      connection.destroy();
      throw faultOf(cause);
    }
  };
  return {
    run,
    mayWrite: () => mayWrite(pool),
    stream: async function* (statement, parameters, limits) {
      const compiled = compile(statement, parameters);
      const connection = await pool.getConnection().catch(unavailable);
      let done = false;
      try {
        yield* batches(connection, compiled, limits, () => kill(pool, connection));
        done = true;
      } catch (cause) {
        throw faultOf(cause);
      } finally {
        if (done) connection.release();
        else await kill(pool, connection);
      }
    },
    close: () => pool.end(),
  };
}

async function select(connection: PoolConnection, compiled: Compiled, { rows, milliseconds }: Limits) {
  await begin(connection, milliseconds);
  const answer: Row[] = [];
  for await (const row of execute(connection, compiled, 100)) {
    if (answer.push(row as Row) > rows) throw new SourceFault('too-many-rows');
  }
  await connection.query('rollback');
  return answer;
}

// The server counts the time in which nobody takes its rows as the statement's own. It is told a day, so that nothing
// runs for ever if we are gone, and is told to stop when the time of waiting is over.
const aDay = 86_400;

async function* batches(
  connection: PoolConnection,
  compiled: Compiled,
  { rows, ...limits }: StreamLimits,
  abandon: () => Promise<void>,
): AsyncGenerator<readonly Row[]> {
  const waiting = limitWaiting(limits);
  await waiting.for(async () => {
    await begin(connection, aDay * 1000);
    await connection.query(`set session net_write_timeout = ${aDay}`);
  }, abandon);
  const answer = execute(connection, compiled, batchSize);
  try {
    const iterator = answer[Symbol.asyncIterator]() as AsyncIterator<Row, void>;
    for (let left = rows, ended = false; !ended;) {
      const batch: Row[] = [];
      ended = await waiting.for(() => fill(batch, iterator, left + 1), abandon);
      left -= batch.length;
      if (left < 0) throw new SourceFault('too-many-rows');
      if (batch.length > 0) yield batch;
    }
  } finally {
    answer.destroy();
  }
  await waiting.for(() => connection.query('rollback'), abandon);
}

/** Answers whether there are no more. */
async function fill(batch: Row[], answer: AsyncIterator<Row, void>, most: number): Promise<boolean> {
  while (batch.length < Math.min(batchSize, most)) {
    const next = await answer.next();
    if (next.done === true) return true;
    batch.push(next.value);
  }
  return false;
}

async function kill(pool: Pool, connection: PoolConnection): Promise<void> {
  const { threadId } = connection;
  connection.destroy();
  // If it cannot be killed it has ended meanwhile, or the server is gone: either way nothing of it runs.
  await pool.query('kill ?', [threadId]).catch(() => undefined);
}

function unavailable(cause: unknown): never {
  throw new SourceFault('unavailable', cause);
}
