// What an app with pages keeps of sessions in its store: which were ended before their time, and forms that were sent when
// their session was over. No id of a session stands here, and a form only its owner's browser can have opened.
import type { Migration, Store } from '@anonymesh/store';

type Knex = Store['knex'];

export const sessionTables: readonly Migration[] = [
  {
    name: 'web-1',
    async up(transaction) {
      await transaction.schema.createTable('ended_sessions', (table) => {
        table.string('id', 43).primary();
        table.bigInteger('until').notNullable().index();
      });
      await transaction.schema.createTable('set_aside_forms', (table) => {
        table.string('id', 43).primary();
        table.text('sealed').notNullable();
        table.bigInteger('until').notNullable().index();
      });
    },
  },
];

/** For the app's own `erase`: what is over. */
export async function eraseSessions(knex: Knex, now: number): Promise<number> {
  const over = (table: string): Promise<number> => knex(table).where('until', '<=', now).delete();
  return (await over('ended_sessions')) + (await over('set_aside_forms'));
}
