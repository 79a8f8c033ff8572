// The end of a set query in the store: what it needed to go on is erased in the transaction that ends it.
import type { QueryId, RefusalCode } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { eraseRecords } from './approvals.js';
import { eraseChunks } from './chunks.js';
import type { SetQuery } from './set-queries.js';
import { uncount } from './subqueries.js';

/** Returns whether it was open. */
export async function closeSetQuery(
  transaction: Knex.Transaction,
  queryId: QueryId,
  state: Exclude<SetQuery['state'], 'open'>,
  code: RefusalCode | null = null,
): Promise<boolean> {
  const open = () => transaction<SetQuery>('set_queries').where({ query_id: queryId, state: 'open' });
  const row = await open().forUpdate().first('seed');
  if (row === undefined) return false;
  // Overwritten where it stands before it is let go: a freed place of a file keeps what was there last.
  await open().update({ seed: '-'.repeat(row.seed?.length ?? 0) });
  if ((await open().update({ state, code, seed: null, dispatched: null, matched: null })) === 0) return false;
  await eraseChunks(transaction, queryId);
  await eraseRecords(transaction, queryId);
  // People were asked before anything was done: no limit counts it.
  if (code === 'not-approved') await uncount(transaction, [queryId]);
  return true;
}
