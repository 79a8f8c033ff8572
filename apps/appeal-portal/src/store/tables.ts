// The portal's tables: when somebody tried a reference, and about which query a wish has been sent. No person, no reference
// and no address is in them: of an account and an address only keyed digests.
import { eraseSalts } from '@anonymesh/evidence';
import type { Migration } from '@anonymesh/store';
import type { Knex } from 'knex';

export const tables: readonly Migration[] = [
  {
    name: 'portal-1',
    async up(transaction) {
      await transaction.schema.createTable('tries', (table) => {
        table.increments('id');
        table.string('whose', 43).notNullable();
        table.bigInteger('at').notNullable().index();
        table.index(['whose', 'at']);
      });
      await transaction.schema.createTable('wishes', (table) => {
        table.string('query_id', 32).primary();
        table.bigInteger('at').notNullable().index();
      });
    },
  },
];

/** The longest that anything is counted, in milliseconds. */
export const day = 86_400_000;

/** What the log says of the wishes stays, and can be opened no more. */
export async function eraseOld(knex: Knex, now: number): Promise<number> {
  const tries = await knex('tries')
    .where('at', '<', now - day)
    .delete();
  await eraseSalts(
    knex,
    knex('wishes')
      .where('at', '<', now - day)
      .select('query_id'),
  );
  return (
    tries +
    (await knex('wishes')
      .where('at', '<', now - day)
      .delete())
  );
}
