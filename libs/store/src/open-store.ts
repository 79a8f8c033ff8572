// Opens an app's own database: PostgreSQL in production, an embedded file by default. Each app opens exactly one, with
// credentials of its own.
import knex, { type Knex } from 'knex';
import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { nodeSqlite } from './node-sqlite.js';
import { PreparedPostgres } from './prepared-postgres.js';
import { quiet } from './quiet.js';

export type StoreConfig =
  | { kind: 'embedded'; file: string }
  /** `tls`: as Node's TLS takes it, read at each handshake. The url then says nothing of TLS. */
  | { kind: 'postgres'; url: string; pool?: number; tls?: ConnectionOptions };

export interface Store {
  readonly kind: StoreConfig['kind'];
  /**
   * An embedded store has one connection: inside a transaction use only the transaction, for a query on `knex` would
   * wait for it to end. knex knows no `returning` for a delete on SQLite: it answers how many rows went.
   */
  readonly knex: Knex;
  close(): Promise<void>;
}

/** Rejects when the database cannot be reached. */
export async function openStore(config: StoreConfig): Promise<Store> {
  const connected = knex({
    ...quiet,
    ...(config.kind === 'embedded' ? await embedded(config.file) : postgres(config)),
  });
  try {
    await connected.raw('select 1');
  } catch (cause) {
    await connected.destroy();
    throw new Error(`the ${config.kind} store cannot be opened`, { cause });
  }
  return { kind: config.kind, knex: connected, close: () => connected.destroy() };
}

async function embedded(file: string): Promise<Knex.Config> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite gives its journal the mode that it finds on the file.
  await (await open(file, 'a', 0o600)).close();
  await chmod(file, 0o600);
  return nodeSqlite({ filename: file });
}

function postgres({ url, pool = 10, tls }: Extract<StoreConfig, { kind: 'postgres' }>): Knex.Config {
  return {
    client: PreparedPostgres,
    connection: {
      connectionString: url,
      application_name: 'anonymesh',
      keepAlive: true,
      ...(tls === undefined ? {} : { ssl: tls }),
    },
    pool: { min: 0, max: pool, afterCreate: readNumbers },
  };
}

interface PostgresConnection {
  setTypeParser(oid: number, parse: (text: string) => unknown): void;
}

// `bigint` and `count(*)` arrive as text unless told otherwise; told on this connection alone, for the driver's defaults
// are shared by the whole process.
function readNumbers(
  connection: PostgresConnection,
  done: (error: Error | null, connection: PostgresConnection) => void,
) {
  const int8 = 20;
  connection.setTypeParser(int8, (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new RangeError('an integer in the store is too large for a number');
    return value;
  });
  done(null, connection);
}
