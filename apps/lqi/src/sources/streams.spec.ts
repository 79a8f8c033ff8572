import '../../../../tests/servers/run-from-source.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startJsonlRecords } from '../../../../tests/servers/jsonl-records.js';
import { startMongodbRecords } from '../../../../tests/servers/mongodb-records.js';
import { startMysqlRecords } from '../../../../tests/servers/mysql-records.js';
import { startPostgresRecords } from '../../../../tests/servers/postgres-records.js';
import type { Records } from '../../../../tests/servers/sample-records.js';
import { startSqliteRecords } from '../../../../tests/servers/sqlite-records.js';
import { openJsonl } from './jsonl.js';
import { openMongodb } from './mongodb.js';
import { openMysql } from './mysql.js';
import { openPostgres } from './postgres.js';
import { SourceFault } from './source-fault.js';
import { batchSize, type Limits, type Row, type Source, type Statement } from './source.js';
import { openSqlite } from './sqlite.js';

/** FerretDB, which stands in for MongoDB, takes a tenth of a second for each batch. */
const documents = process.env['MONGODB_URL'] === undefined ? 20_000 : 100_000;
const filler = 'x'.repeat(500);
const limits: Limits = { rows: 1_000_000, milliseconds: 30_000 };

interface Streamed {
  name: string;
  records: Records | undefined;
  open: (url: string) => Source;
  fill?: (records: Records) => Promise<void>;
  /** `n` from 0 in order, 100,000 unless `count` says otherwise, with half a kilobyte beside it. */
  many: Statement;
  count?: number;
  /** More rows than anybody could wait for, the first of them at once; where the database can do that. */
  endless?: Statement;
  /** Takes the database away in the middle. */
  kill: (records: Records) => Promise<unknown>;
}

const digits =
  'digit (d) as (select 0 union all select 1 union all select 2 union all select 3 union all select 4 union all ' +
  'select 5 union all select 6 union all select 7 union all select 8 union all select 9)';
const hundredThousand =
  'select a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d as n from digit a, digit b, digit c, digit e, digit f';
const sql = (dialect: 'postgresql' | 'mysql' | 'sqlite', text: string): Statement => ({ kind: 'sql', dialect, text });
const pipeline = (collection: string, ...stages: Record<string, unknown>[]): Statement => ({
  kind: 'pipeline',
  collection,
  stages,
});
const manyDocuments = pipeline('many', { $project: { _id: 0 } });
const range = { $range: [0, 100_000] };

const run = promisify(execFile);
/** The oldest first: numbers begin anew where the machine has counted to its end. */
async function processes(marks: readonly string[]): Promise<{ pid: number; rss: number }[]> {
  const { stdout } = await run('ps', ['-eo', 'pid,rss,args', '--sort=start_time']);
  const lines = stdout.split('\n').filter((line) => marks.every((mark) => line.includes(mark)));
  return lines.map((line) => {
    const [pid = 0, rss = 0] = line.trim().split(/\s+/).map(Number);
    return { pid, rss: rss * 1024 };
  });
}
// The youngest: the child that answers questions was there before.
async function killStreamChild(records: Records): Promise<void> {
  const child = (await processes(['-child', records.url])).at(-1);
  if (child === undefined) throw new Error('no child is reading');
  process.kill(child.pid, 'SIGKILL');
}

const backEnds: Streamed[] = [
  {
    name: 'PostgreSQL',
    records: await startPostgresRecords(),
    open: openPostgres,
    many: sql('postgresql', `select n, repeat('x', 500) as filler from generate_series(0, 99999) as n`),
    endless: sql('postgresql', 'with recursive n (i) as (select 1 union all select i + 1 from n) select i from n'),
    kill: async (records) => records.outage?.begin(),
  },
  {
    name: 'MariaDB',
    records: await startMysqlRecords(),
    open: openMysql,
    many: sql('mysql', `with ${digits} select n, repeat('x', 500) as filler from (${hundredThousand}) t order by n`),
    endless: sql('mysql', `with ${digits}, n as (${hundredThousand}) select x.n from n x, n y`),
    kill: async (records) => records.outage?.begin(),
  },
  {
    name: 'SQLite',
    records: await startSqliteRecords(),
    open: openSqlite,
    many: sql('sqlite', `with ${digits} select n, '${filler}' as filler from (${hundredThousand}) order by n`),
    endless: sql('sqlite', 'with recursive n (i) as (select 1 union all select i + 1 from n) select i from n'),
    kill: killStreamChild,
  },
  {
    name: 'MongoDB',
    records: await startMongodbRecords(),
    open: (url) => openMongodb(url, 'records'),
    fill: async ({ url }) => {
      const client = await MongoClient.connect(url);
      const many = client.db('records').collection('many');
      await many.deleteMany({});
      for (let n = 0; n < documents; n += 10_000) {
        await many.insertMany(Array.from({ length: 10_000 }, (_, more) => ({ n: n + more, filler })));
      }
      await client.close();
    },
    many: manyDocuments,
    count: documents,
    kill: (records) => records.stop(),
  },
  {
    name: 'JSON Lines',
    records: await startJsonlRecords(),
    open: (folder) => openJsonl(folder, { people: ['niNumber'], many: ['filler'] }),
    fill: async ({ url }) => {
      const lines = Array.from({ length: 100_000 }, (_, n) => `${JSON.stringify({ n, filler })}\n`);
      await writeFile(join(url, 'many.jsonl'), lines.join(''));
    },
    many: manyDocuments,
    endless: pipeline('many', { $set: { a: range } }, { $unwind: '$a' }, { $project: { a: 1 } }),
    kill: killStreamChild,
  },
];
afterAll(() => Promise.all(backEnds.map(async ({ records }) => records?.stop())), 30_000);

async function faultOf(stream: AsyncIterable<readonly Row[]>): Promise<{ read: number; fault: unknown }> {
  let read = 0;
  try {
    for await (const batch of stream) read += batch.length;
  } catch (error) {
    return { read, fault: error instanceof SourceFault ? error.code : error };
  }
  return { read, fault: 'no fault' };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** In bytes, what is still in use. */
function held(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 5000; !(await reached());) expect(Date.now()).toBeLessThan(deadline);
}

describe.each(backEnds)(
  'a stream from $name',
  ({ name, records, open, fill, many, count = 100_000, endless, kill }) => {
    if (records === undefined) {
      it.skip('cannot be read: the server is not installed', () => undefined);
      return;
    }
    const { sample: statements, isIdle } = records;
    const source = open(records.url);
    beforeAll(async () => {
      await fill?.(records);
      await source.run(statements.all, {}, { ...limits, rows: 10 });
    }, 60_000);
    afterAll(() => source.close());
    const childrenNow = () => processes(['-child', records.url]);
    const itsChildren = ['SQLite', 'JSON Lines'].includes(name) ? 1 : 0;

    it('gives all rows whole, in order and in batches, in the memory of a few', async () => {
      // What a first reading leaves behind is not what a longer one would add.
      for await (const batch of source.stream(many, {}, limits)) expect(batch.length).toBeLessThanOrEqual(batchSize);
      const before = held();
      const given: WeakRef<readonly Row[]>[] = [];
      let next = 0;
      let inOrder = true;
      let [batches, bytes, child] = [Infinity, Infinity, 0];
      for await (const batch of source.stream(many, {}, limits)) {
        given.push(new WeakRef(batch));
        for (const row of batch) inOrder &&= row['n'] === next++ && row['filler'] === filler;
        if (next < count * 0.8 || next % 2000 !== 0) continue;
        bytes = Math.min(bytes, held() - before);
        batches = Math.min(batches, given.filter((each) => each.deref() !== undefined).length);
        child = (await childrenNow()).at(-1)?.rss ?? child;
      }
      expect([next, inOrder]).toEqual([count, true]);
      expect(batches).toBeLessThan(5);
      // What a child has sent is given back in steps of up to 30 MB.
      expect(bytes).toBeLessThan(40e6);
      expect(child).toBeLessThan(200e6);
    });

    it('asks with parameters as data', async () => {
      for (const niNumber of ['QQ000002A', `' or '1'='1`, `QQ000002A' -- `, '?', '{"$ne": null}']) {
        const { read } = await faultOf(source.stream(statements.byKey, { niNumber }, limits));
        expect(read).toBe(niNumber === 'QQ000002A' ? 1 : 0);
      }
      expect(await faultOf(source.stream(statements.byKey, {}, limits))).toEqual({ read: 0, fault: 'statement' });
    });

    it('gives no batch where there is no row', async () => {
      for await (const batch of source.stream(statements.byKey, { niNumber: 'ZZ' }, limits)) expect(batch).toBe('none');
    });

    it('writes nothing, and refuses what does not fit', async () => {
      for (const statement of [...statements.writing, ...statements.unfit]) {
        expect([statement, await faultOf(source.stream(statement, {}, limits))]).toEqual([
          statement,
          { read: 0, fault: 'statement' },
        ]);
      }
      expect(await faultOf(source.stream(statements.all, {}, limits))).toEqual({ read: 3, fault: 'no fault' });
    });

    it('gives as many rows as the limit, and ends with a fault at the next', async () => {
      const all = await faultOf(source.stream(many, {}, { ...limits, rows: count }));
      expect(all).toEqual({ read: count, fault: 'no fault' });
      const fewer = await faultOf(source.stream(many, {}, { ...limits, rows: 2500 }));
      expect(fewer).toEqual({ read: 2000, fault: 'too-many-rows' });
      const exact = await faultOf(source.stream(statements.all, {}, { ...limits, rows: 2 }));
      expect(exact).toEqual({ read: 0, fault: 'too-many-rows' });
      await until(isIdle);
    });

    it('stops a runaway statement at its time limit, or as soon as nobody wants it', async () => {
      for (const runaway of statements.runaway) {
        const started = itsChildren > 0 ? 3000 : 0; // a child's start is not in the limit
        const began = performance.now();
        const { fault } = await faultOf(source.stream(runaway, {}, { rows: 10, milliseconds: 500 }));
        expect(fault).toBe('timeout');
        expect(performance.now() - began).toBeLessThan(1500 + started);
        await until(isIdle);
        const unwanted = { rows: 10, milliseconds: 4000, signal: AbortSignal.timeout(200) };
        expect(await faultOf(source.stream(runaway, {}, unwanted))).toEqual({ read: 0, fault: 'unavailable' });
        await until(isIdle);
      }
      expect(await childrenNow()).toHaveLength(itsChildren);
    });

    it('answers a question while a stream is read, and lets both go on', async () => {
      let read = 0;
      for await (const batch of source.stream(many, {}, limits)) {
        read += batch.length;
        if (read % (count / 2) === 0)
          expect(await source.run(statements.all, {}, { ...limits, rows: 3 })).toHaveLength(3);
      }
      expect(read).toBe(count);
    });

    it('does not count the time of its reader', async () => {
      const began = performance.now();
      for await (const batch of source.stream(many, {}, limits)) expect(batch.length).toBeGreaterThan(0);
      let read = 0;
      const milliseconds = Math.ceil(2000 + 3 * (performance.now() - began)); // of a busy machine too
      for await (const { length } of source.stream(many, {}, { ...limits, milliseconds }))
        if ((read += length) % (count / 5) === 0) await delay(milliseconds / 4);
      expect(read).toBe(count);
    }, 120_000);

    (endless === undefined ? it.skip : it)('reads no further than its reader, and stops with it', async () => {
      const unlimited = { rows: 1e9, milliseconds: 30_000 };
      const before = held();
      let batches = 0;
      for await (const batch of source.stream(endless ?? many, {}, unlimited)) {
        expect(batch).toHaveLength(batchSize);
        if (++batches === 3) {
          await delay(1000);
          expect(held() - before).toBeLessThan(10e6);
        }
        if (batches === 5) break;
      }
      await until(isIdle);
      expect(await childrenNow()).toHaveLength(itsChildren);
      const { fault } = await faultOf(source.stream(endless ?? many, {}, { rows: 1e9, milliseconds: 300 }));
      expect(fault).toBe('timeout');
    });

    it('gives back what it held when its reader fails', async () => {
      const failing = async () => {
        for await (const batch of source.stream(many, {}, limits)) throw new Error(`at ${batch.length}`);
      };
      // More often than there are connections.
      for (let times = 0; times < (itsChildren > 0 ? 2 : 20); times++)
        await expect(failing()).rejects.toThrow('at 1000');
      expect(await source.run(statements.all, {}, { ...limits, rows: 3 })).toHaveLength(3);
      expect(await childrenNow()).toHaveLength(itsChildren);
    });

    it('ends as unavailable when its database is gone in the middle', async () => {
      const reading = source.stream(many, {}, limits)[Symbol.asyncIterator]();
      expect((await reading.next()).value).toHaveLength(batchSize);
      await kill(records);
      const rest = { [Symbol.asyncIterator]: () => reading };
      expect((await faultOf(rest)).fault).toBe('unavailable');
    });
  },
);
