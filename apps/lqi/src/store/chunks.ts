// Chunks that came round the ring: others' lists on their way, and the own list when it is back. Kept until they have
// left again; of each its hash stays until the query ends, so that nobody can send another in its place.
import { sha256Of, type PartyId, type QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';

export interface Chunk {
  query_id: QueryId;
  /** Whose list it is of. */
  owner: PartyId;
  chunk: number;
  /** Of the whole list, as the letter says. */
  points: number;
  hash: string;
  /** Null once it has left, or was taken back. */
  bytes: Buffer | null;
}

/** `known`: it has come before. `differs`: another has come in its place, or of a list of another length. */
export async function storeChunk(
  transaction: Knex.Transaction,
  chunk: Omit<Chunk, 'hash'> & { readonly bytes: Buffer },
): Promise<'stored' | 'known' | 'differs'> {
  const { query_id, owner, points } = chunk;
  const hash = sha256Of(chunk.bytes);
  const [other] = await chunks(transaction).where({ query_id, owner }).whereNot({ points }).limit(1).select('chunk');
  if (other !== undefined) return 'differs';
  const stored = await chunks(transaction)
    .insert({ ...chunk, hash })
    .onConflict(['query_id', 'owner', 'chunk'])
    .ignore()
    .returning('chunk');
  if (stored.length > 0) return 'stored';
  const known = await chunks(transaction).where({ query_id, owner, chunk: chunk.chunk }).first('hash');
  return known?.hash === hash ? 'known' : 'differs';
}

/** Up to so many chunks that wait, the first of that owner's list; or of all lists but that owner's, of those that are least far. */
export function nextChunks(
  knex: Knex,
  queryId: QueryId,
  of: { readonly owner: PartyId } | { readonly notOf: PartyId },
  most: number,
): Promise<Chunk[]> {
  const waiting = chunks(knex).where({ query_id: queryId }).whereNotNull('bytes').orderBy('chunk').limit(most);
  return 'owner' in of ? waiting.where({ owner: of.owner }) : waiting.whereNot({ owner: of.notOf });
}

/** Forgets the bytes of a chunk that leaves, or was taken back. */
export async function settleChunk(transaction: Knex.Transaction, { query_id, owner, chunk }: Chunk): Promise<void> {
  await chunks(transaction).where({ query_id, owner, chunk }).update({ bytes: null });
}

/** How many chunks of that owner's list have been settled. */
export async function settledChunks(knex: Knex, queryId: QueryId, owner: PartyId): Promise<number> {
  const [row] = await chunks(knex).where({ query_id: queryId, owner, bytes: null }).count({ settled: '*' });
  return Number(row?.['settled']);
}

export async function eraseChunks(transaction: Knex.Transaction, queryId: QueryId): Promise<void> {
  await chunks(transaction).where({ query_id: queryId }).delete();
}

function chunks(knex: Knex) {
  return knex<Chunk>('chunks');
}
