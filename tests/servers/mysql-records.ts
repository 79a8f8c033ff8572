// Sample records in a private MariaDB.
import mysql from 'mysql2/promise';
import { startMariaDb } from './mariadb.js';
import { createPeople, sqlSample, type Records } from './sample-records.js';

export async function startMysqlRecords(): Promise<Records | undefined> {
  const server = await startMariaDb();
  if (server === undefined) return undefined;
  const ask = async (...statements: string[]) => {
    const connection = await mysql.createConnection(server.url);
    const answers: unknown[] = [];
    for (const statement of statements) answers.push((await connection.query(statement))[0]);
    await connection.end();
    return answers;
  };
  await ask(...createPeople);
  return {
    url: server.url,
    sample: sqlSample('mysql', {
      writing: [
        `select * from people into outfile 'people.txt'`,
        `select 1 /*! into outfile 'people.txt' */`,
        `select 1 /*M! into outfile 'people.txt' */`,
        'set statement max_statement_time = 0 for select 1',
        // What the server takes for a comment, and what it does not.
        `select name, --\u00a0 from (select name, 1 as \u00a0 from people) as all_of_them into outfile 'people.txt'`,
        `select * from people where 1 --\u0001 '\n into outfile 'people.txt' -- '`,
      ],
      unfit: [`select 'a\\'b'`, 'select 1 /*+ MAX_EXECUTION_TIME(0) */', 'select "open', 'select `open'],
      runaway: [
        'select sleep(600)',
        'with recursive n (i) as (select 1 union all select i + 1 from n where i < 900) select count(*) from n a, n b, n c, n d',
        'select benchmark(1000000000000, sha2(uuid(), 512))',
      ],
    }),
    isIdle: async () => {
      const [running] = await ask(
        `select * from information_schema.processlist where info like 'with%' or info like 'select sleep%' or info like 'select bench%'`,
      );
      return (running as unknown[]).length === 0;
    },
    outage: { begin: () => server.down(), end: () => server.up() },
    stop: () => server.stop(),
  };
}
