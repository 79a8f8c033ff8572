// Signs checkpoints of the log in its store: counts by query what has come since the last one, lists what was counted
// before, and signs what is then there. One size is signed once.
import { base64url, type SigningKey } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { linesOf, type Line } from '../entries/queries-tree.js';
import { rootOf } from '../merkle/frontier.js';
import { signCheckpoint } from '../notes/checkpoint.js';
import { readNote } from '../notes/note.js';
import { runOf, runsBefore } from '../runs/listed.js';
import { writeRun } from '../runs/pages.js';
import { appendAll } from './append.js';
import { holdHead, readHead, writeHead } from './head.js';
import type { EntryRow } from './tables.js';

/** Whose log it is, and the key that signs for it. */
export interface LogKey {
  readonly origin: string;
  readonly key: SigningKey;
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
  const runs = (await runsBefore(transaction, from)).map(runOf);
  const lines = await linesWithin(transaction, from, to);
  const root = base64url(await writeRun(transaction, { from, to: to + 1 }, lines));
  const counted = { did: 'counted' as const, at: now, from, to, queries: lines.length, root, runs };
  const frontier = await appendAll(transaction, head.frontier, [{ entry: counted }]);
  await writeHead(transaction, { frontier, counted: frontier.size });
  const note = await signCheckpoint({ origin, size: frontier.size, root: rootOf(frontier) }, key);
  await transaction('evidence_checkpoints').insert({ size: frontier.size, note, signed_at: now });
  return note;
}

interface CheckpointRow {
  readonly size: number;
  readonly note: string;
  readonly signed_at: number;
}

/** A checkpoint of the own log, and whether there is no entry after it. */
export interface Countersigned {
  readonly size: number;
  readonly note: string;
  /** Milliseconds since 1970. */
  readonly signedAt: number;
  readonly isLast: boolean;
}

/** Milliseconds after which one does that nobody has countersigned: others may be away. */
const patience = 600_000;
const newest = 20;

/** The newest checkpoint that somebody else has countersigned, or that has waited long enough for it. */
export async function countersigned(knex: Knex, now = Date.now()): Promise<Countersigned | undefined> {
  const bySize = () => knex<CheckpointRow>('evidence_checkpoints').orderBy('size', 'desc');
  const rows = await bySize().limit(newest);
  const isGood = ({ note, signed_at: signedAt }: CheckpointRow) =>
    signedAt < now - patience || (readNote(note)?.signatures.length ?? 0) > 1;
  // Where checkpoints are frequent, the newest are all younger than that.
  const found =
    rows.find(isGood) ??
    (await bySize()
      .where('signed_at', '<', now - patience)
      .first());
  if (found === undefined) return undefined;
  const { size, note, signed_at: signedAt } = found;
  return { size, note, signedAt, isLast: (await readHead(knex)).frontier.size === size };
}

/** Which queries the entries from `from` before `to` are about. */
export async function linesWithin(knex: Knex, from: number, to: number): Promise<Line[]> {
  const rows = await knex<EntryRow>('evidence_entries')
    .select('n', 'query')
    .where('n', '>=', from)
    .where('n', '<', to)
    .whereNotNull('query');
  return linesOf(rows.flatMap(({ n, query }) => (query === null ? [] : [{ n, query }])));
}

/** Notes of checkpoints in order of their sizes, after that one. */
export function checkpointsAfter(knex: Knex, size: number, limit = 1000): Promise<string[]> {
  return knex('evidence_checkpoints').where('size', '>', size).orderBy('size').limit(limit).pluck<string[]>('note');
}
