// Signs checkpoints of the log in its store: counts by query what has come since the last one, and signs what is then
// there. One size is signed once.
import { base64url } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import type { KeyObject } from 'node:crypto';
import { mentionsOf, queriesTree, type Mentions } from '../entries/queries-tree.js';
import { rootOf } from '../merkle/frontier.js';
import { signCheckpoint } from '../notes/checkpoint.js';
import { appendAll } from './append.js';
import { holdHead, writeHead } from './head.js';
import type { EntryRow } from './tables.js';

/** Whose log it is, and the key that signs for it. */
export interface LogKey {
  readonly origin: string;
  readonly key: KeyObject;
}

/** The note; undefined where nothing is new, or another copy of the app is appending. */
export async function checkpoint(
  transaction: Knex.Transaction,
  { origin, key }: LogKey,
  now = Date.now(),
): Promise<string | undefined> {
  const head = await holdHead(transaction);
  if (head === undefined || head.counted === head.frontier.size) return undefined;
  const [from, to] = [head.counted, head.frontier.size];
  const mentions = await mentionsWithin(transaction, from, to);
  const root = base64url(queriesTree(mentions).root);
  const counted = { did: 'counted' as const, at: now, from, to, queries: mentions.length, root };
  const frontier = await appendAll(transaction, head.frontier, [{ entry: counted }]);
  await writeHead(transaction, { frontier, counted: frontier.size });
  const note = signCheckpoint({ origin, size: frontier.size, root: rootOf(frontier) }, key);
  await transaction('evidence_checkpoints').insert({ size: frontier.size, note, signed_at: now });
  return note;
}

/** Which queries the entries from `from` before `to` are about. */
export async function mentionsWithin(knex: Knex, from: number, to: number): Promise<Mentions[]> {
  const rows = await knex<EntryRow>('evidence_entries')
    .select('n', 'query')
    .where('n', '>=', from)
    .where('n', '<', to)
    .whereNotNull('query');
  return mentionsOf(rows.flatMap(({ n, query }) => (query === null ? [] : [{ n, query }])));
}

/** Notes of checkpoints in order of their sizes, after that one. */
export function checkpointsAfter(knex: Knex, size: number, limit = 1000): Promise<string[]> {
  return knex('evidence_checkpoints').where('size', '>', size).orderBy('size').limit(limit).pluck<string[]>('note');
}
