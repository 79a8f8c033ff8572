// A private MariaDB server for tests, where one is installed. Never touches one that is running.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { freePort } from './free-port.js';
import { handOver, type Pems } from './hand-over.js';
import { launch, run, temporaryFolder, unprivileged, type PrivateServer } from './private-server.js';

export interface PrivateMariaDb extends PrivateServer {
  readonly url: string;
}

/** `undefined`, with a warning, where MariaDB is not installed. With `tls` it speaks TLS alone, and asks for a certificate. */
export async function startMariaDb(tls?: Pems): Promise<PrivateMariaDb | undefined> {
  const command = ['/usr/sbin/mariadbd', '/usr/sbin/mysqld', '/usr/libexec/mariadbd'].find(existsSync);
  if (command === undefined) {
    console.warn('MariaDB is not installed: its tests are skipped');
    return undefined;
  }
  const account = await unprivileged('mysql');
  const [folder, port] = await Promise.all([temporaryFolder('mariadb', account), freePort()]);
  const data = join(folder, 'data');
  await run(
    'mariadb-install-db',
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { ...account, cwd: folder },
  );
  const url = `mysql://root@127.0.0.1:${port}/records`;
  const secured = tls === undefined ? [] : parametersOf(await handOver(folder, account, tls));
  const server = await launch({
    command,
    parameters: [
      '--no-defaults',
      `--datadir=${data}`,
      `--socket=${join(folder, 's')}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--innodb-flush-log-at-trx-commit=0',
      ...secured,
    ],
    folder,
    account,
    port,
    probe: async () => {
      const ssl = tls && { ca: tls.ca, verifyIdentity: false };
      const connection = await mysql.createConnection({ uri: url.replace(/records$/, ''), ...(ssl && { ssl }) });
      await connection.query('create database if not exists records');
      await connection.end();
    },
  });
  return { url, ...server };
}

function parametersOf({ ca, certificate, key }: Pems): string[] {
  return [`--ssl-ca=${ca}`, `--ssl-cert=${certificate}`, `--ssl-key=${key}`, '--require-secure-transport=ON'];
}
