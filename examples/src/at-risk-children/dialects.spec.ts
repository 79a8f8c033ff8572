import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import { startMariaDb } from '../../../tests/servers/mariadb.js';
import { startPostgres } from '../../../tests/servers/postgres.js';
import { atRiskChildren } from './folder.js';
import { metChildren, writeMetChildren } from './police.js';
import { askedSince } from './seasons.js';
import { sizesOf } from './sizes.js';
import { readSetTemplate, setFromSqlite, type Row } from './try-set.js';

const children = [...metChildren(sizesOf({ healthTrust: 300, police: 300, schools: 0, common: 30 }))];
const folder = mkdtempSync(join(tmpdir(), 'police-'));
const [postgres, mariaDb] = await Promise.all([startPostgres(), startMariaDb()]);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([postgres.stop(), mariaDb?.stop()]);
});

describe('the police’s templates', () => {
  it('give the same set on PostgreSQL as on SQLite', async () => {
    await expectSameAsSqlite('postgresql', knex({ client: 'pg', connection: postgres.url }));
  });

  (mariaDb === undefined ? it.skip : it)('give the same set on MariaDB as on SQLite', async () => {
    await expectSameAsSqlite('mysql', knex({ client: 'mysql2', connection: mariaDb?.url ?? '' }));
  });
});

async function expectSameAsSqlite(dialect: 'postgresql' | 'mysql', database: Knex): Promise<void> {
  try {
    // What a database is made with otherwise depends on the server; names need all of Unicode.
    if (dialect === 'mysql') await database.raw('ALTER DATABASE CHARACTER SET utf8mb4');
    await fill(database);
    const file = join(folder, `${dialect}.db`);
    writeMetChildren(file, children);
    const content = readSetTemplate(`police.${dialect}`);
    const answer: unknown = await database.raw(content.kind === 'sql' ? content.statement : '', { since: askedSince });
    // The two drivers wrap rows differently: { rows } and [rows, fields].
    const rows = Array.isArray(answer) ? (answer[0] as Row[]) : (answer as { rows: Row[] }).rows;
    expect(inOrder(rows)).toEqual(inOrder(setFromSqlite('police.sqlite', file, askedSince)));
    expect(rows.length).toBeGreaterThan(200);
  } finally {
    await database.destroy();
  }
}

// PostgreSQL's driver gives a count as text, as it may be larger than a number: the LQI's own reading makes it one.
function inOrder(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify({ ...row, incidents: Number(row['incidents']) })).sort();
}

async function fill(database: Knex): Promise<void> {
  for (const statement of readFileSync(join(atRiskChildren, 'police.sql'), 'utf8').split(/;\s*\n/))
    if (statement.trim() !== '') await database.raw(statement);
  const child = children.map(({ id, nhsNumber, givenName, surname, birthDate, postcode, officer }) => ({
    id,
    nhs_number: nhsNumber,
    given_name: givenName,
    surname,
    birth_date: birthDate,
    postcode,
    officer,
  }));
  const incident = children.flatMap(({ id, incidents }) =>
    incidents.map(({ occurredOn, kind, serious }) => ({
      child_id: id,
      occurred_on: occurredOn,
      kind,
      serious: serious ? 1 : 0,
    })),
  );
  await database.batchInsert('child', child, 100);
  await database.batchInsert('incident', incident, 100);
}
