// Makes a party's part of a receipt from its own store.
import { base64url, clockTolerance, type QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { queriesTree } from '../entries/queries-tree.js';
import { readCheckpoint } from '../notes/checkpoint.js';
import { mentionsWithin } from '../store/checkpoints.js';
import { entriesAbout, readEntries, type Stored } from '../store/read-entries.js';
import { proveInclusion } from '../store/read-hashes.js';
import { readEntry } from '../entries/entry.js';
import type { Mention, Part, Proven } from './part.js';

export interface Asked {
  readonly query: QueryId;
  /** As its manifest says, in milliseconds since 1970: before that nobody knew of it. */
  readonly askedAt: number;
  /** Whether the part holds what opens its entries. */
  readonly opens: boolean;
  /** The log as it was last signed before that time, in milliseconds since 1970; as it is now unless told. */
  readonly before?: number | undefined;
}

/** Undefined where no checkpoint has been signed since the query was asked. */
export async function makePart(
  knex: Knex,
  { query, askedAt, opens, before = Infinity }: Asked,
): Promise<Part | undefined> {
  const signed = await knex<CheckpointRow>('evidence_checkpoints').orderBy('size');
  const earlier = signed.findLast(({ signed_at }) => signed_at < askedAt - clockTolerance);
  const later = signed.filter(({ size, signed_at }) => size > (earlier?.size ?? 0) && signed_at < before);
  const last = later.at(-1);
  const checkpoint = last && readCheckpoint(last.note);
  if (last === undefined || checkpoint === undefined) return undefined;
  const { size } = checkpoint;

  const prove = async ({ n, text, salt }: Stored): Promise<Proven> => ({
    entry: text,
    path: (await proveInclusion(knex, n, size)).map(base64url),
    ...(opens && salt !== undefined ? { salt: base64url(salt) } : {}),
  });
  const countedAt = async (end: number): Promise<Stored> => {
    const [stored] = await readEntries(knex, { from: end - 1, to: end });
    if (stored === undefined) throw new Error('the log lacks an entry that a checkpoint signs');
    return stored;
  };

  const stretches: Part['stretches'] = [];
  for (const { size: end } of later) {
    const stored = await countedAt(end);
    const counted = readEntry(stored.text);
    if (counted?.did !== 'counted') throw new Error('the entry before a checkpoint does not count');
    const mentions = await mentionOf(knex, query, counted);
    stretches.push({ counted: await prove(stored), mentions });
  }
  const about = await entriesAbout(knex, query, size);
  return {
    type: 'anonymesh/evidence-part/v1',
    query,
    checkpoint: last.note,
    entries: await inTurn(about, prove),
    ...(earlier === undefined ? {} : { before: await prove(await countedAt(earlier.size)) }),
    stretches,
  };
}

/** The query's leaf in the stretch's tree, or its two neighbours. */
async function mentionOf(
  knex: Knex,
  query: QueryId,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Mention[]> {
  const all = await mentionsWithin(knex, from, to);
  const tree = queriesTree(all);
  const first = all.findIndex((each) => each.query >= query);
  const place = first === -1 ? all.length : first;
  const wanted = all[place]?.query === query ? [place] : [place - 1, place];
  return wanted.flatMap((index) => {
    const found = all[index];
    if (found === undefined) return [];
    return [{ query: found.query, places: [...found.places], index, path: tree.inclusion(index).map(base64url) }];
  });
}

/** One after the other: proofs of a long log read a lot. */
async function inTurn<Item, Result>(items: readonly Item[], each: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await each(item));
  return results;
}

interface CheckpointRow {
  size: number;
  note: string;
  signed_at: number;
}
