import { afterAll, describe, expect, it } from '@jest/globals';
import knex from 'knex';
import mysql from 'mysql2/promise';
import { startMysqlRecords } from '../../../../tests/servers/mysql-records.js';
import { startPostgresRecords } from '../../../../tests/servers/postgres-records.js';
import { checkRights } from '../overview/check-rights.js';
import { mayWriteBy } from './mongodb.js';
import { openMysql } from './mysql.js';
import { isToWrite, rolesIn } from './mysql-rights.js';
import { openPostgres } from './postgres.js';
import type { Source } from './source.js';

const [postgres, mariadb] = await Promise.all([startPostgresRecords(), startMysqlRecords()]);
afterAll(() => Promise.all([postgres.stop(), mariadb?.stop()]), 30_000);

async function found(open: (url: string) => Source, url: string) {
  const source = open(url);
  const { mayWrite } = source;
  if (mayWrite === undefined) throw new Error('it does not tell');
  return checkRights(mayWrite).finally(() => source.close());
}

function as(url: string, user: string): string {
  const changed = new URL(url);
  [changed.username, changed.password] = [user, 'reads'];
  return changed.href;
}

describe('the rights of an account in PostgreSQL', () => {
  const run = async (...statements: string[]) => {
    const client = knex({ client: 'pg', connection: postgres.url });
    for (const statement of statements) await client.raw(statement);
    await client.destroy();
  };

  it('that owns everything are warned of', async () => {
    expect(await found(openPostgres, postgres.url)).toMatchObject({ state: 'attention', code: 'database-may-write' });
  });

  it('that only reads are well, until it may change one table', async () => {
    await run(
      'revoke create on schema public from public',
      `create role reader login password 'reads'`,
      'grant select on people to reader',
    );
    expect(await found(openPostgres, as(postgres.url, 'reader'))).toMatchObject({ state: 'well' });
    await run('grant delete on people to reader');
    expect(await found(openPostgres, as(postgres.url, 'reader'))).toMatchObject({ code: 'database-may-write' });
  });

  it('that may make tables are warned of', async () => {
    await run(`create role maker login password 'reads'`, 'grant create on schema public to maker');
    expect(await found(openPostgres, as(postgres.url, 'maker'))).toMatchObject({ code: 'database-may-write' });
  });
});

describe('the rights of an account in MariaDB', () => {
  if (mariadb === undefined) {
    it.skip('cannot be asked for: the server is not installed', () => undefined);
    return;
  }
  const run = async (...statements: string[]) => {
    const connection = await mysql.createConnection(mariadb.url);
    for (const statement of statements) await connection.query(statement);
    await connection.end();
  };

  it('that may do everything are warned of', async () => {
    expect(await found(openMysql, mariadb.url)).toMatchObject({ state: 'attention', code: 'database-may-write' });
  });

  it('that only reads are well, until it may change one table', async () => {
    await run(`create user reader identified by 'reads'`, 'grant select on people to reader');
    expect(await found(openMysql, as(mariadb.url, 'reader'))).toMatchObject({ state: 'well' });
    await run('grant update on people to reader');
    expect(await found(openMysql, as(mariadb.url, 'reader'))).toMatchObject({ code: 'database-may-write' });
  });

  it.each(['in force', 'to be had'])('that may write by a role %s are warned of', async (how) => {
    const [role, user] = [`writers_${how.length}`, `by_role_${how.length}`];
    await run(`create user ${user} identified by 'reads'`, `create role ${role}`, `grant ${role} to ${user}`);
    if (how === 'in force') await run(`set default role ${role} for ${user}`);
    await run(`grant select on people to ${user}`, `grant select on people to ${role}`);
    expect(await found(openMysql, as(mariadb.url, user))).toMatchObject({ state: 'well' });
    await run(`grant insert on people to ${role}`);
    expect(await found(openMysql, as(mariadb.url, user))).toMatchObject({ code: 'database-may-write' });
  });
});

describe('the rights of an account in MySQL and MariaDB', () => {
  it.each([
    ['GRANT SELECT ON `records`.`people` TO `reader`@`%`', false],
    ['GRANT SELECT (`insert`, `id`), SHOW VIEW, CREATE TEMPORARY TABLES ON `records`.* TO `reader`@`%`', false],
    ["GRANT USAGE ON *.* TO `reader`@`%` IDENTIFIED BY PASSWORD '*39314A'", false],
    ['GRANT `delete` TO `reader`@`%`', false],
    ['GRANT SELECT, INSERT (`id`) ON `records`.`people` TO `reader`@`%`', true],
    ['GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION', true],
  ])('are read from what the server says: %s', (grant, writes) => {
    expect(isToWrite(grant)).toBe(writes);
  });

  it('come also from roles, as either server names them', () => {
    expect(rolesIn('GRANT `writers` TO `reader`@`%`')).toEqual(['`writers`']);
    expect(rolesIn('GRANT `a`@`%`,`b`@`%` TO `reader`@`%`')).toEqual(['`a`@`%`', '`b`@`%`']);
    expect(rolesIn('GRANT SELECT ON `records`.* TO `reader`@`%`')).toEqual([]);
  });
});

describe('the rights of an account in MongoDB', () => {
  const told = (users: unknown[], actions?: string[]) => ({
    authInfo: {
      authenticatedUsers: users,
      ...(actions === undefined ? {} : { authenticatedUserPrivileges: [{ resource: {}, actions }] }),
    },
  });

  it('are read from what the server tells of it', () => {
    expect(mayWriteBy(told([{ user: 'reader' }], ['find', 'listCollections']))).toBe(false);
    expect(mayWriteBy(told([{ user: 'writer' }], ['find', 'insert']))).toBe(true);
    expect(mayWriteBy(told([], []))).toBe(true);
    expect(mayWriteBy(told([{ user: 'reader' }]))).toBeUndefined();
    expect(mayWriteBy({})).toBeUndefined();
  });
});
