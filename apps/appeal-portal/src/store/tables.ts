// The portal's tables: when somebody tried a reference, and about which query a wish has been sent. No person, no reference
// and no address can be read in them: of an account and an address there are keyed digests, of a form that was sent when its
// session was over there are bytes that nobody here can open.
import { eraseSalts } from '@anonymesh/evidence';
import type { Migration } from '@anonymesh/store';
import { eraseSessions, sessionTables } from '@anonymesh/web';
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
  ...sessionTables,
];

/** The longest that anything is counted, in milliseconds. */
export const day = 86_400_000;

/** What the log says of the wishes stays, and can be opened no more. */
export async function eraseOld(knex: Knex, now: number): Promise<number> {
  const tries = await knex('tries')
    .where('at', '<', now - day)
    .delete();
  const old = () => knex('wishes').where('at', '<', now - day);
  await eraseSalts(knex, old().select('query_id'));
  return tries + (await old().delete()) + (await eraseSessions(knex, now));
}
