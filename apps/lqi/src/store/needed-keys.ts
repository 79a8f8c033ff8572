// To which of its own sealing keys this holder has sealed what its store still needs: without them it could not be read
// any more.
import type { Knex } from 'knex';

/** Their ids. A store of before an update may not have all tables yet. */
export async function neededKeys(knex: Knex): Promise<string[]> {
  const secrets = (await knex.schema.hasTable('mark_secrets')) ? await keysIn(knex('mark_secrets')) : [];
  // What was sealed for a query that has ended is erased.
  const open = { state: 'open' };
  const queries = (await knex.schema.hasTable('set_queries')) ? await keysIn(knex('set_queries').where(open)) : [];
  return [...new Set([...secrets, ...queries])];
}

function keysIn(rows: Knex.QueryBuilder): Promise<string[]> {
  return rows.pluck<string[]>('own_key');
}
