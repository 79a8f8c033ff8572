// Erases queries and words that are kept no longer than agreed; also words of which no query was ever expected.
import type { Knex } from 'knex';

export async function eraseExpired(knex: Knex, now: number): Promise<number> {
  const words = await knex('words').where('kept_until', '<=', now).delete();
  return words + (await knex('queries').where('kept_until', '<=', now).delete());
}
