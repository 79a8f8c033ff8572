// A private MariaDB server for tests, where one is installed. Never touches one that is running.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { freePort } from './free-port.js';
import { launch, run, temporaryFolder, unprivileged, type PrivateServer } from './private-server.js';

export interface PrivateMariaDb extends PrivateServer {
  readonly url: string;
}

/** `undefined`, with a warning, where MariaDB is not installed. */
export async function startMariaDb(): Promise<PrivateMariaDb | undefined> {
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
    ],
    folder,
    account,
    port,
    probe: async () => {
      const connection = await mysql.createConnection(url.replace(/records$/, ''));
      await connection.query('create database if not exists records');
      await connection.end();
    },
  });
  return { url, ...server };
}
