// Sample records in a private PostgreSQL.
import knex from 'knex';
import { startPostgres } from './postgres.js';
import { createPeople, sqlSample, type Records } from './sample-records.js';

export async function startPostgresRecords(): Promise<Records> {
  const server = await startPostgres();
  const ask = async (...statements: string[]) => {
    const client = knex({ client: 'pg', connection: server.url });
    try {
      const answers: { rows: unknown[] }[] = [];
      for (const statement of statements) answers.push(await client.raw(statement));
      return answers;
    } finally {
      await client.destroy();
    }
  };
  await ask(...createPeople);
  return {
    url: server.url,
    sample: sqlSample('postgresql', {
      writing: [
        `with gone as (delete from people returning *) select * from gone`,
        `select * into other from people`,
        `select * from people for update`,
        `select set_config('transaction_read_only', 'off', true)`,
        `copy people to '/dev/null'`,
        `do 'begin delete from people; end'`,
        // What may stand in a dollar quote's tag or before a literal with escapes.
        `select ni_number from people where $é$'$é$ <> '' ; commit; delete from people; --'`,
        `select ni_number from people where éE'\\' <> '' ; commit; delete from people; --'`,
        `select ni_number from people where a$E'\\' <> '' ; commit; delete from people; --'`,
      ],
      unfit: [`select $1`, `select $$text$$`, `select '\\?'`, `select 1 /* a /* nested */ */`],
      runaway: [
        'select pg_sleep(600)',
        'with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n',
        `select set_config('statement_timeout', '0', true), pg_sleep(600)`,
      ],
    }),
    isIdle: async () => {
      const [running] = await ask(
        `select 1 from pg_stat_activity where application_name = 'anonymesh' and state = 'active'`,
      );
      return running?.rows.length === 0;
    },
    outage: { begin: () => server.down(), end: () => server.up() },
    stop: () => server.stop(),
  };
}
