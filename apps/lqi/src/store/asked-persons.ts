// What was asked about whom, by keyed mark, for as long as the agreement lets us keep it: so that two questions are not
// both answered which together tell too much.
import type { PartyId, QueryId } from '@anonymesh/protocol';
import type { Migration } from '@anonymesh/store';
import type { Organisation } from '@anonymesh/trust';
import type { Knex } from 'knex';

export interface AskedPerson {
  query_id: QueryId;
  /** As in the disclosure log. */
  mark: string;
  /** The name of the organisation that asked, as its agreement has it. */
  organisation: string;
  /** Its id, and the identity that the agreement pins: a name is written anew in every agreement. Null in old rows. */
  requester: PartyId | null;
  identity: string | null;
  /** JSON of an AskedCheck. */
  asked: string;
  /** Milliseconds since 1970. */
  kept_until: number;
}

export const askedPersonTables: readonly Migration[] = [
  {
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
  },
  {
    name: 'lqi-asked-persons-2',
    async up(transaction) {
      await transaction.schema.alterTable('asked_persons', (table) => {
        table.string('requester', 32);
        table.string('identity', 43);
      });
    },
  },
];

export function askerOf({ organisation, requester, identity }: AskedPerson): Organisation {
  return { name: organisation, id: requester, identity };
}

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
