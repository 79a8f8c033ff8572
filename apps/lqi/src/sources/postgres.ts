// A holder's records in PostgreSQL. The statement becomes a cursor in a read-only transaction: the server accepts only a
// single select there, computes no more rows than are fetched, and ends it at the time limit itself.
import type { TlsFiles } from '@anonymesh/runtime';
import { ask, cutOff, faultOf, openConnections, type Connection, type Connections } from './postgres-connection.js';
import { SourceFault } from './source-fault.js';
import { batchSize, type Limits, type Row, type Source, type StreamLimits } from './source.js';
import { limitWaiting, type Waiting } from './waiting.js';
import { within } from './within.js';

type Compiled = ReturnType<Connections['compile']>;

export function openPostgres(url: string, tls?: TlsFiles): Source {
  const connections = openConnections(url, tls);
  const run: Source['run'] = async (statement, parameters, limits) => {
    const compiled = connections.compile(statement, parameters);
    const connection = await connections.borrow();
    let fault: SourceFault | undefined;
    try {
      const work = () => select(connection, compiled, limits);
      return await within(limits.milliseconds, work, () => cutOff(connection));
    } catch (cause) {
      throw (fault = faultOf(cause));
    } finally {
      await connections.giveBack(connection, fault);
    }
  };
  return {
    run,
    mayWrite: async () => {
      const [row] = await run(
        { kind: 'sql', dialect: 'postgresql', text: writeRights },
        {},
        { rows: 1, milliseconds: 2000 },
      );
      return row?.['may'] === true;
    },
    stream: async function* (statement, parameters, limits) {
      const compiled = connections.compile(statement, parameters);
      const connection = await connections.borrow();
      let fault: SourceFault | undefined;
      try {
        yield* batches(connection, compiled, limits);
      } catch (cause) {
        throw (fault = faultOf(cause));
      } finally {
        await connections.giveBack(connection, fault ?? (await leave(connection)));
      }
    },
    close: () => connections.close(),
  };
}

// Making tables counts as writing; making temporary ones, which everybody may, does not.
const writeRights = `
  select rolsuper
    or exists (select 1 from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
      and has_schema_privilege(oid, 'CREATE'))
    or exists (select 1 from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relkind in ('r', 'p', 'v', 'f') and nspname !~ '^pg_' and nspname <> 'information_schema'
      and has_table_privilege(pg_class.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')) as may
  from pg_roles where rolname = current_user`;

async function select(connection: Connection, compiled: Compiled, { rows, milliseconds }: Limits) {
  await declare(connection, compiled, milliseconds);
  const fetched = await ask(connection, `fetch forward ${rows + 1} from answer`);
  await ask(connection, 'rollback');
  if (fetched.rows.length > rows) throw new SourceFault('too-many-rows');
  return fetched.rows;
}

async function* batches(
  connection: Connection,
  compiled: Compiled,
  { rows, ...limits }: StreamLimits,
): AsyncGenerator<readonly Row[]> {
  const waiting = limitWaiting(limits);
  const abandon = () => cutOff(connection);
  await waiting.for(() => declare(connection, compiled, waiting.left, wholeSet), abandon);
  for (let left = rows; ;) {
    const wanted = Math.min(batchSize, left + 1);
    const batch = await waiting.for(() => fetch(connection, wanted, waiting), abandon);
    left -= batch.length;
    if (left < 0) throw new SourceFault('too-many-rows');
    if (batch.length > 0) yield batch;
    if (batch.length < wanted) return;
  }
}

// A plan for all rows and not for the first tenth of them; and the server does not end the transaction of a slow reader.
const wholeSet = { cursor_tuple_fraction: '1', idle_in_transaction_session_timeout: '0' };

async function declare(
  connection: Connection,
  { sql, bindings }: Compiled,
  milliseconds: number,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  await ask(connection, 'begin transaction read only');
  for (const [name, value] of Object.entries({ statement_timeout: String(milliseconds), ...more })) {
    await set(connection, name, value);
  }
  await ask(connection, `declare answer no scroll cursor for ${sql}`, bindings);
}

// To the server each fetch is a statement with a time limit of its own.
async function fetch(connection: Connection, count: number, waiting: Waiting): Promise<readonly Row[]> {
  await set(connection, 'statement_timeout', String(waiting.left));
  return (await ask(connection, `fetch forward ${count} from answer`)).rows;
}

async function set(connection: Connection, name: string, value: string): Promise<void> {
  await ask(connection, 'select set_config($1, $2, true)', [name, value]);
}

/** Ends the transaction, and answers why it could not. */
async function leave(connection: Connection): Promise<unknown> {
  const aSecond = 1000;
  const ended = within(
    aSecond,
    () => ask(connection, 'rollback'),
    () => cutOff(connection),
  );
  return ended.then(
    () => undefined,
    (cause: unknown) => cause,
  );
}
