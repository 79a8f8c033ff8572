import '../../../../tests/servers/run-from-source.js';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startJsonlRecords } from '../../../../tests/servers/jsonl-records.js';
import { startMongodbRecords } from '../../../../tests/servers/mongodb-records.js';
import { startMysqlRecords } from '../../../../tests/servers/mysql-records.js';
import { startPostgresRecords } from '../../../../tests/servers/postgres-records.js';
import { startSqliteRecords } from '../../../../tests/servers/sqlite-records.js';
import type { Records } from '../../../../tests/servers/sample-records.js';
import { openJsonl } from './jsonl.js';
import { openMongodb } from './mongodb.js';
import { openMysql } from './mysql.js';
import { openPostgres } from './postgres.js';
import { SourceFault } from './source-fault.js';
import type { Limits, Source } from './source.js';
import { openSqlite } from './sqlite.js';

const limits: Limits = { rows: 10, milliseconds: 5000 };
const backEnds: [name: string, records: Records | undefined, open: (url: string) => Source][] = [
  ['PostgreSQL', await startPostgresRecords(), openPostgres],
  ['MariaDB', await startMysqlRecords(), openMysql],
  ['SQLite', await startSqliteRecords(), openSqlite],
  ['MongoDB', await startMongodbRecords(), (url) => openMongodb(url, 'records')],
  ['JSON Lines', await startJsonlRecords(), (folder) => openJsonl(folder, { people: ['niNumber'] })],
];
afterAll(() => Promise.all(backEnds.map(async ([, records]) => records?.stop())), 30_000);

const faultOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'no fault',
    (error: unknown) => (error instanceof SourceFault ? error.code : error),
  );

async function expectSoon(reached: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 1000; !(await reached());) expect(Date.now()).toBeLessThan(deadline);
}

describe.each(backEnds)('records in %s', (_name, records, open) => {
  if (records === undefined) {
    it.skip('cannot be asked: the server is not installed', () => undefined);
    return;
  }
  const { sample: statements, isIdle, outage } = records;
  const source = open(records.url);
  afterAll(() => source.close());

  it('answers the rows of the person who is asked about, and of nobody else', async () => {
    const rows = await source.run(statements.byKey, { niNumber: 'QQ000002A' }, limits);
    expect(rows).toEqual([{ niNumber: 'QQ000002A', name: `O'Brien` }]);
    expect(await source.run(statements.byKey, { niNumber: 'ZZ999999Z' }, limits)).toEqual([]);
  });

  it('takes a parameter as data, whatever is in it', async () => {
    const attempts = [
      `' or '1'='1`,
      `QQ000002A' -- `,
      `\\' or 1=1 #`,
      `"; drop table people; --`,
      `?`,
      `:niNumber`,
      `{"$ne": null}`,
      `%`,
      `\\?`,
    ];
    for (const niNumber of attempts) expect(await source.run(statements.byKey, { niNumber }, limits)).toEqual([]);
    expect(['no fault', 'statement']).toContain(
      await faultOf(source.run(statements.byKey, { niNumber: '$name' }, limits)),
    );
    expect(await source.run(statements.all, {}, limits)).toHaveLength(3);
  });

  it('refuses a parameter that is missing, or one too many', async () => {
    expect(await faultOf(source.run(statements.byKey, {}, limits))).toBe('statement');
    const more = { niNumber: 'QQ000002A', name: 'x' };
    expect(await faultOf(source.run(statements.byKey, more, limits))).toBe('statement');
    expect(await faultOf(source.run(statements.all, more, limits))).toBe('statement');
  });

  it('writes nothing', async () => {
    for (const statement of statements.writing) {
      expect([statement, await faultOf(source.run(statement, {}, limits))]).toEqual([statement, 'statement']);
    }
    expect(await source.run(statements.all, {}, limits)).toHaveLength(3);
  });

  it('refuses a statement of another kind of database, and one that does not fit', async () => {
    for (const statement of statements.unfit) {
      expect([statement, await faultOf(source.run(statement, {}, limits))]).toEqual([statement, 'statement']);
    }
  });

  it('answers as many rows as the limit and not one more', async () => {
    expect(await source.run(statements.all, {}, { ...limits, rows: 3 })).toHaveLength(3);
    expect(await faultOf(source.run(statements.all, {}, { ...limits, rows: 2 }))).toBe('too-many-rows');
    expect(await source.run(statements.all, {}, { ...limits, rows: 3 })).toHaveLength(3);
  });

  it('stops a runaway statement at its time limit, and goes on', async () => {
    for (const runaway of statements.runaway) {
      // A child process that was killed is started again by the next question, and its start is not in the limit.
      await source.run(statements.all, {}, limits);
      const began = performance.now();
      expect(await faultOf(source.run(runaway, {}, { rows: 10, milliseconds: 500 }))).toBe('timeout');
      expect(performance.now() - began).toBeLessThan(1500);
      await expectSoon(isIdle);
    }
    expect(await source.run(statements.all, {}, limits)).toHaveLength(3);
  });

  it('answers others that wait while a runaway statement is stopped', async () => {
    const [runaway] = statements.runaway;
    if (runaway === undefined) return;
    const asked = [runaway, statements.all, runaway, statements.all].map((statement) =>
      faultOf(source.run(statement, {}, statement === runaway ? { rows: 10, milliseconds: 400 } : limits)),
    );
    expect(await Promise.all(asked)).toEqual(['timeout', 'no fault', 'timeout', 'no fault']);
  });

  (outage === undefined ? it.skip : it)(
    'is unavailable while its database is gone, and answers when it is back',
    async () => {
      await outage?.begin();
      expect(await faultOf(source.run(statements.all, {}, limits))).toBe('unavailable');
      await outage?.end();
      expect(await source.run(statements.all, {}, limits)).toHaveLength(3);
    },
  );

  it('tells nothing of the database in the message of a fault', async () => {
    const [unfit] = statements.unfit;
    const fault = await source.run(unfit ?? statements.all, {}, limits).catch((error: unknown) => error);
    expect(String(fault)).toBe('SourceFault: statement');
  });
});
