import { afterAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import { startMariaDb } from '../../../tests/servers/mariadb.js';
import { startPostgres } from '../../../tests/servers/postgres.js';
import { writeResidents, type Resident } from './council.js';
import { rightToRemain } from './folder.js';
import { writeTaxpayers, type Taxpayer } from './hmrc.js';
import { residents, taxpayers } from './holdings.js';
import { readTemplate, tryOnSqlite, type Asking } from './try-template.js';

const days = ['2026-11-22', '2026-03-31', '2028-02-29', '2027-02-28'];
const hmrc = [...taxpayers(150)];
const council = [...residents(150)];
const askedAbout = [...hmrc.map(({ niNumber }) => niNumber), 'ZY000000A'];

const [postgres, mariaDb] = await Promise.all([startPostgres(), startMariaDb()]);
afterAll(() => Promise.all([postgres.stop(), mariaDb?.stop()]));

describe('the SQL templates', () => {
  it('conclude the same on PostgreSQL as on SQLite', async () => {
    await expectSameAsSqlite('postgresql', knex({ client: 'pg', connection: postgres.url }));
  });

  (mariaDb === undefined ? it.skip : it)('conclude the same on MariaDB as on SQLite', async () => {
    await expectSameAsSqlite('mysql', knex({ client: 'mysql2', connection: mariaDb?.url ?? '' }));
  });
});

async function expectSameAsSqlite(dialect: 'postgresql' | 'mysql', database: Knex): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dialects-'));
  try {
    await fill(database);
    const files = { hmrc: join(folder, 'hmrc.sqlite'), council: join(folder, 'council.sqlite') };
    writeTaxpayers(files.hmrc, hmrc);
    writeResidents(files.council, council);
    for (const holder of ['hmrc', 'council'] as const) {
      const onSqlite = tryOnSqlite(`${holder}.sqlite`, files[holder]);
      const statement = String(readTemplate(`${holder}.${dialect}`)['statement']);
      expect(await concludedBy(database, statement)).toEqual(concluded(onSqlite));
    }
  } finally {
    await database.destroy();
    await rm(folder, { recursive: true });
  }
}

function concluded(asking: Asking) {
  return days.flatMap((asOf) => askedAbout.map((niNumber) => ({ niNumber, asOf, ...asking(niNumber, asOf) })));
}

async function concludedBy(database: Knex, statement: string) {
  const conclusions = [];
  for (const asOf of days)
    for (const niNumber of askedAbout) {
      const answer: unknown = await database.raw(statement, { niNumber, asOf });
      // The two drivers wrap rows differently: { rows } and [rows, fields].
      const rows = Array.isArray(answer) ? (answer[0] as object[]) : (answer as { rows: object[] }).rows;
      expect(rows).toHaveLength(1);
      const { concern, reason } = rows[0] as { concern: boolean | number; reason: unknown };
      expect([true, false, 1, 0]).toContain(concern);
      conclusions.push({ niNumber, asOf, concern: Boolean(concern), reason });
    }
  return conclusions;
}

async function fill(database: Knex): Promise<void> {
  for (const schema of ['hmrc.sql', 'council.sql'])
    for (const statement of readFileSync(join(rightToRemain, schema), 'utf8').split(/;\s*\n/))
      if (statement.trim() !== '') await database.raw(statement);
  await database.batchInsert('taxpayer', hmrc.map(personRow));
  await database.batchInsert(
    'spell',
    hmrc.flatMap(({ niNumber, spells }) => spells.map((spell) => ({ ni_number: niNumber, ...spell }))),
  );
  await database.batchInsert('resident', council.map(personRow));
  await database.batchInsert(
    'residence',
    council.flatMap(({ niNumber, residences }) =>
      residences.map(({ address, postcode, movedIn, movedOut }) => ({
        ni_number: niNumber,
        address,
        postcode,
        moved_in: movedIn,
        moved_out: movedOut,
      })),
    ),
  );
}

function personRow({ niNumber, givenNames, surname, birthDate }: Taxpayer | Resident) {
  return { ni_number: niNumber, given_names: givenNames, surname, birth_date: birthDate };
}
