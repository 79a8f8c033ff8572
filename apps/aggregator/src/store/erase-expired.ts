// Erases queries and words that are kept no longer than agreed; also words of which no query was ever expected, and what
// is left of sets that could not be ended. What the log says of a query stays, and can be opened no more.
import { eraseSalts } from '@anonymesh/evidence';
import type { Knex } from 'knex';

export async function eraseExpired(knex: Knex, now: number): Promise<number> {
  // Of words of which no query was expected the log has entries, too; those about a query that is kept stay with it.
  const nobodys = knex('words').where('kept_until', '<=', now).whereNotIn('query_id', knex('queries').select('id'));
  await eraseSalts(knex, nobodys.select('query_id'));
  const words = await knex('words').where('kept_until', '<=', now).delete();
  const expired = knex('queries').where('kept_until', '<=', now).select('id');
  await eraseSalts(knex, expired.clone());
  for (const table of ['token_letters', 'set_holders', 'sets', 'testimonies'])
    await knex(table).whereIn('query_id', expired).delete();
  return words + (await knex('queries').where('kept_until', '<=', now).delete());
}
