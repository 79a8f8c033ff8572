// The outbox's table: parcels that a transaction caused, until the broker has them.
import { insertingRows, whereAmong } from '@anonymesh/store';
import type { Knex } from 'knex';
import type { Listed, Outgoing, Wanted } from './backlog.js';

/** Far more than memory holds of them. */
const longestList = 20_000;

/** As statements, to be run together with others: none for nothing. */
export function insertingParcels(transaction: Knex.Transaction, outgoing: readonly Outgoing[]): Knex.QueryBuilder[] {
  const rows = outgoing.map(({ id, subject, sealed, notBefore }) => ({ id, subject, sealed, not_before: notBefore }));
  return rows.length === 0 ? [] : [insertingRows(transaction, 'outbox', columns, rows)];
}

const columns = { id: 'text', subject: 'text', sealed: 'bytea', not_before: 'bigint' } as const;

/** What may leave first, first; `complete` unless there are too many to list. */
export async function listParcels(
  knex: Knex,
  { notBefore, notOn }: Wanted,
): Promise<{ readonly listed: Listed[]; readonly complete: boolean }> {
  const listed = await knex('outbox')
    .select<Listed[]>('id', 'subject', knex.raw('octet_length(sealed) as bytes'))
    .where('not_before', '<=', notBefore)
    .whereNotIn('subject', notOn)
    .orderBy('not_before')
    .limit(longestList);
  return { listed, complete: listed.length < longestList };
}

/** In the order of the ids. */
export async function readParcels(knex: Knex, ids: readonly string[]): Promise<Outgoing[]> {
  const rows = await knex<OutboxRow>('outbox').whereIn('id', ids).select('*');
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row === undefined ? [] : [{ id, subject: row.subject, sealed: row.sealed, notBefore: row.not_before }];
  });
}

/** As `insertingParcels`. */
export function deletingParcels(knex: Knex, ids: readonly string[]): Knex.QueryBuilder[] {
  return ids.length === 0 ? [] : [whereAmong(knex('outbox'), 'id', ids).delete()];
}

interface OutboxRow {
  id: string;
  subject: string;
  sealed: Buffer;
  not_before: number;
}
