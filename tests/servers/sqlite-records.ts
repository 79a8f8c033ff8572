// Sample records in a SQLite file.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createPeople, sqlSample, type Records } from './sample-records.js';

export async function startSqliteRecords(): Promise<Records> {
  const folder = await mkdtemp(join(tmpdir(), 'anonymesh-sqlite-'));
  const file = join(folder, 'people.db');
  const database = new DatabaseSync(file);
  for (const statement of createPeople) database.exec(statement);
  database.close();
  return {
    url: file,
    sample: sqlSample('sqlite', {
      writing: [`attach '${join(folder, 'other.db')}' as other`, 'pragma query_only = off', 'vacuum'],
      unfit: ['select ?1', 'select @a', 'select $a', 'select [open', `select load_extension('x')`],
      runaway: ['with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n'],
    }),
    isIdle: () => Promise.resolve(true),
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}
