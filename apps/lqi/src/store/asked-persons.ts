// What was asked about whom, by keyed mark, for as long as the agreement lets us keep it: so that two questions are not
// both answered which together tell too much.
import type { QueryId } from '@anonymesh/protocol';
import type { Migration } from '@anonymesh/store';
import type { Knex } from 'knex';

export interface AskedPerson {
  query_id: QueryId;
  /** As in the disclosure log. */
  mark: string;
  /** The name of the organisation that asked. */
  organisation: string;
  /** JSON of an AskedCheck. */
  asked: string;
  /** Milliseconds since 1970. */
  kept_until: number;
}

export const askedPersonTables: Migration = {
  name: 'lqi-asked-persons-1',
  async up(transaction) {
    await transaction.schema.createTable('asked_persons', (table) => {
      table.string('query_id', 32).primary();
      table.string('mark', 43).notNullable().index();
      table.string('organisation', 200).notNullable();
      table.text('asked').notNullable();
      table.bigInteger('kept_until').notNullable().index();
    });
  },
};

export function askedAbout(knex: Knex, marks: readonly string[], now: number): Promise<AskedPerson[]> {
  return knex<AskedPerson>('asked_persons')
    .whereIn('mark', [...new Set(marks)])
    .where('kept_until', '>', now)
    .select('*');
}

const batch = 100;

export async function insertAsked(knex: Knex, rows: readonly AskedPerson[]): Promise<void> {
  for (let first = 0; first < rows.length; first += batch)
    await knex<AskedPerson>('asked_persons').insert(rows.slice(first, first + batch));
}

export async function forgetAsked(knex: Knex, queryIds: readonly QueryId[]): Promise<void> {
  await knex<AskedPerson>('asked_persons')
    .whereIn('query_id', [...queryIds])
    .delete();
}

export function eraseAsked(knex: Knex, now: number): Promise<number> {
  return knex<AskedPerson>('asked_persons').where('kept_until', '<=', now).delete();
}
