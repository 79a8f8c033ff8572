// Appending: entries are written down in the transaction of their effect, without a place, so that effects do not wait
// for each other; a little later they get their places, hashes and subtrees, many at once.
import { fromBase64url } from '@anonymesh/protocol';
import { insertingRows, together, whereAmong, type ColumnType } from '@anonymesh/store';
import type { Knex } from 'knex';
import { pendingOf, type Draft, type Pending } from '../entries/draft.js';
import { textOf, type Unplaced } from '../entries/entry.js';
import { append, type Frontier, type Subtree } from '../merkle/frontier.js';
import { leafHash } from '../merkle/hashes.js';
import { holdHead, waitForHead, writeHead } from './head.js';
import { storedEvery } from './read-hashes.js';
import type { EntryRow } from './tables.js';

/** Rows of one statement: SQLite takes no more than 500. */
const portion = 250;
/** Transactions whose entries get their places in one. */
const atOnce = 200;

/** Writes down what a transaction received, decided and sent, in that very transaction. */
export async function enter(transaction: Knex.Transaction, drafts: readonly Draft[], now = Date.now()): Promise<void> {
  await together(entering(transaction, drafts, now));
}

/** The same as a statement, to be run together with others: none for nothing. */
export function entering(
  transaction: Knex.Transaction,
  drafts: readonly Draft[],
  now = Date.now(),
): Knex.QueryBuilder[] {
  if (drafts.length === 0) return [];
  const entries = JSON.stringify(drafts.map((draft) => pendingOf(draft, now)));
  return [transaction('evidence_pending').insert({ entries })];
}

/**
 * Gives places to what waits for one. Resolves to how many entries that were: others may be left, all of them where
 * another copy of the app is appending.
 */
export async function place(transaction: Knex.Transaction): Promise<number> {
  const head = await holdHead(transaction);
  if (head === undefined) return 0;
  const rows = await transaction<PendingRow>('evidence_pending').orderBy('id').limit(atOnce);
  const pending = rows.flatMap(({ entries }) => JSON.parse(entries) as Pending[]);
  if (pending.length === 0) return 0;
  const frontier = await appendAll(transaction, head.frontier, pending);
  await writeHead(transaction, { ...head, frontier });
  const ids = rows.map(({ id }) => id);
  await whereAmong(transaction('evidence_pending'), 'id', ids).delete();
  return pending.length;
}

/** Gives places to all that wait for one, also to those that another copy of the app is about to. */
export async function placeAll(transaction: Knex.Transaction): Promise<void> {
  await waitForHead(transaction);
  while ((await place(transaction)) > 0) continue;
}

/** Appends entries at the head that the transaction holds. */
export async function appendAll(
  transaction: Knex.Transaction,
  frontier: Frontier,
  entries: readonly { readonly entry: Unplaced; readonly salt?: string }[],
): Promise<Frontier> {
  const rows = entries.map((each, index) => rowOf(each, frontier.size + index));
  const subtrees: SubtreeRow[] = [];
  const grown = append(
    frontier,
    rows.map(({ leaf }) => leaf),
    (subtree, hash) => {
      if (subtree.level % storedEvery === 0) subtrees.push({ ...subtree, hash });
    },
  );
  await insertAll(transaction, 'evidence_entries', entryColumns, rows);
  await insertAll(transaction, 'evidence_subtrees', subtreeColumns, subtrees);
  return grown;
}

function rowOf({ entry, salt }: { readonly entry: Unplaced; readonly salt?: string }, n: number): EntryRow {
  const text = textOf(entry, n);
  const query = 'query' in entry ? (entry.query ?? null) : null;
  return { n, query, entry: text, leaf: leafHash(text), salt: salt === undefined ? null : bytesOf(salt) };
}

function bytesOf(salt: string): Buffer {
  const bytes = fromBase64url(salt);
  if (bytes === undefined) throw new Error('a salt is not base64url');
  return bytes;
}

async function insertAll<Row extends object>(
  transaction: Knex.Transaction,
  table: string,
  columns: Readonly<Record<keyof Row & string, ColumnType>>,
  rows: readonly Row[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += portion)
    await insertingRows(transaction, table, columns, rows.slice(start, start + portion));
}

const entryColumns = { n: 'bigint', query: 'text', entry: 'text', leaf: 'bytea', salt: 'bytea' } as const;
const subtreeColumns = { level: 'integer', position: 'bigint', hash: 'bytea' } as const;

interface SubtreeRow extends Subtree {
  readonly hash: Buffer;
}

interface PendingRow {
  id: number;
  entries: string;
}
