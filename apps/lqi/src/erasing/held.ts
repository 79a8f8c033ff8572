// What this holder keeps about one person, found by the person's mark, and how it is erased: rows of queries stay as
// replay records, and what left stays written down, but nobody can tell any more whom it was about.
import { eraseSalts, placeAll } from '@anonymesh/evidence';
import type { QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import type { HeldAbout } from '@anonymesh/api';
import { subjectPrefix } from '../limiting/use-of.js';

export async function heldOf(knex: Knex, mark: string): Promise<HeldAbout> {
  const queries = await checksAbout(knex, mark);
  const count = async (rows: Knex.QueryBuilder) => {
    const [row] = await rows.count<{ rows: number | string }[]>({ rows: '*' });
    return Number(row?.rows);
  };
  return {
    disclosures: await count(knex('disclosures').where({ mark })),
    remembered: await count(knex('asked_persons').where({ mark })),
    counted: await count(countedFor(knex, mark)),
    reasons: await count(knex('query_decisions').whereIn('query_id', queries).whereNotNull('reason')),
    openable: await count(knex('evidence_entries').whereIn('query', queries).whereNotNull('salt')),
    open: await count(knex('subqueries').whereIn('query_id', queries).where({ state: 'open' })),
  };
}

/** What was erased; `open` where nothing was, for a query about the person has not ended. */
export async function eraseHeld(transaction: Knex.Transaction, mark: string): Promise<HeldAbout | 'open'> {
  // Entries that wait for their place have salts, too.
  await placeAll(transaction);
  const held = await heldOf(transaction, mark);
  if (held.open > 0) return 'open';
  const queries = await checksAbout(transaction, mark);
  await eraseSalts(transaction, queries);
  await transaction('query_decisions').whereIn('query_id', queries).update({ reason: null });
  await countedFor(transaction, mark).delete();
  await transaction('asked_persons').where({ mark }).delete();
  await transaction('disclosures').where({ mark }).update({ mark: null });
  return held;
}

/** Of checks alone: a set query is about others, too. */
async function checksAbout(knex: Knex, mark: string): Promise<QueryId[]> {
  const told = knex('disclosures').where({ mark }).select('query_id');
  const asked = knex('asked_persons').where({ mark }).select('query_id');
  const found: { query_id: QueryId }[] = await knex('subqueries')
    .whereIn('query_id', told)
    .orWhereIn('query_id', asked)
    .select('query_id');
  return found.map(({ query_id: queryId }) => queryId);
}

function countedFor(knex: Knex, mark: string): Knex.QueryBuilder {
  // A mark has `_` in it, which `like` takes for any character.
  const prefix = subjectPrefix(mark);
  return knex('uses').whereRaw('substr(name, 1, ?) = ?', [prefix.length, prefix]);
}
