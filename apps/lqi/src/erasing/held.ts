// What this holder keeps about one person, found by the person's mark, and how it is erased: rows of queries stay as
// replay records, and what left stays written down, but nobody can tell any more whom it was about.
import { eraseSalts, place } from '@anonymesh/evidence';
import type { QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { z } from 'zod';
import { subjectPrefix } from '../limiting/limits-of.js';
import type { Subquery } from '../store/subqueries.js';

export const heldAbout = z.strictObject({
  /** Rows of the disclosure log with the person's mark. */
  disclosures: z.int(),
  /** Queries that are remembered so that no other isolates a flag. */
  remembered: z.int(),
  /** Queries that limits count. */
  counted: z.int(),
  /** Reasons that people wrote when they refused a query about the person. */
  reasons: z.int(),
  /** Entries of the log that could still be opened. */
  openable: z.int(),
  /** Queries about the person that have not ended: their sealed parts go with their end. */
  open: z.int(),
});
export type HeldAbout = z.infer<typeof heldAbout>;

export async function heldOf(knex: Knex, mark: string): Promise<HeldAbout> {
  const queries = await checksAbout(knex, mark);
  const count = async (found: Knex.QueryBuilder) => {
    const [row]: unknown[] = await found.count({ rows: '*' });
    return Number((row as { rows: number }).rows);
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
  while ((await place(transaction)) > 0);
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
  const left: QueryId[] = await knex('disclosures').where({ mark }).distinct('query_id').pluck('query_id');
  const remembered: QueryId[] = await knex('asked_persons').where({ mark }).pluck('query_id');
  return knex<Subquery>('subqueries')
    .whereIn('query_id', [...new Set([...left, ...remembered])])
    .pluck('query_id');
}

function countedFor(knex: Knex, mark: string): Knex.QueryBuilder {
  // A mark has `_` in it, which `like` takes for any character.
  const prefix = subjectPrefix(mark);
  return knex('uses').whereRaw('substr(name, 1, ?) = ?', [prefix.length, prefix]);
}
