// Makes a party's part of a receipt from its own store.
import { base64url, clockTolerance, type QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { queriesTree, type Mentions } from '../entries/queries-tree.js';
import { readEntry } from '../entries/entry.js';
import type { Tree } from '../merkle/tree.js';
import { mentionsWithin } from '../store/checkpoints.js';
import { entriesAbout, readEntries, type Stored } from '../store/read-entries.js';
import { openHashes } from '../store/read-hashes.js';
import { latestCheckpoint } from '../store/witnessing.js';
import type { Mention, Part, Proven } from './part.js';

export interface Asked {
  readonly query: QueryId;
  /** As its manifest says, in milliseconds since 1970: before that nobody knew of it. */
  readonly askedAt: number;
  /** Whether the part holds what opens its entries. */
  readonly opens: boolean;
}

/** A checkpoint of the own log. */
export interface Bound {
  readonly size: number;
  readonly note: string;
}

/** Makes parts of many queries, each up to that checkpoint, and reads what they have in common once. */
export interface PartMaker {
  /** Undefined where the checkpoint was signed before the query was asked. */
  make(asked: Asked): Promise<Part | undefined>;
}

/**
 * Up to the latest checkpoint, or the last that was signed `before` a time, in milliseconds since 1970. Undefined where none
 * has been signed since the query was asked.
 */
export async function makePart(knex: Knex, asked: Asked, before?: number): Promise<Part | undefined> {
  const bound = before === undefined ? await latestCheckpoint(knex) : await lastBefore(knex, before);
  return bound && openPartMaker(knex, bound).make(asked);
}

export function openPartMaker(knex: Knex, { size, note }: Bound): PartMaker {
  const hashes = openHashes(knex);
  const stretches = new Map<number, Promise<Stretch>>();

  const prove = async ({ n, text, salt }: Stored, opens = false): Promise<Proven> => ({
    entry: text,
    path: (await hashes.inclusion(n, size)).map(base64url),
    ...(opens && salt !== undefined ? { salt: base64url(salt) } : {}),
  });
  const countedAt = async (end: number): Promise<Stored> => {
    const [stored] = await readEntries(knex, { from: end - 1, to: end });
    if (stored === undefined) throw new Error('the log lacks an entry that a checkpoint signs');
    return stored;
  };
  const readStretch = async (end: number): Promise<Stretch> => {
    const stored = await countedAt(end);
    const counted = readEntry(stored.text);
    if (counted?.did !== 'counted') throw new Error('the entry before a checkpoint does not count');
    const mentions = await mentionsWithin(knex, counted.from, counted.to);
    return { counted: await prove(stored), mentions, tree: queriesTree(mentions) };
  };
  const stretchAt = (end: number) => {
    const stretch = stretches.get(end) ?? readStretch(end);
    stretches.set(end, stretch);
    return stretch;
  };

  return {
    make: async ({ query, askedAt, opens }) => {
      const earlier = (await lastBefore(knex, askedAt - clockTolerance))?.size;
      const ends = await sizesWithin(knex, earlier ?? 0, size);
      if (ends.length === 0) return undefined;
      const about = await entriesAbout(knex, query, size);
      return {
        type: 'anonymesh/evidence-part/v1',
        query,
        checkpoint: note,
        entries: await inTurn(about, (each) => prove(each, opens)),
        ...(earlier === undefined ? {} : { before: await prove(await countedAt(earlier)) }),
        stretches: await inTurn(ends, async (end) => {
          const { counted, ...of } = await stretchAt(end);
          return { counted, mentions: mentionOf(query, of) };
        }),
      };
    },
  };
}

interface Stretch {
  readonly counted: Proven;
  readonly mentions: readonly Mentions[];
  readonly tree: Tree;
}

/** The query's leaf in the stretch's tree, or its two neighbours. */
function mentionOf(query: QueryId, { mentions, tree }: Pick<Stretch, 'mentions' | 'tree'>): Mention[] {
  const first = mentions.findIndex((each) => each.query >= query);
  const place = first === -1 ? mentions.length : first;
  const wanted = mentions[place]?.query === query ? [place] : [place - 1, place];
  return wanted.flatMap((index) => {
    const found = mentions[index];
    if (found === undefined) return [];
    return [{ query: found.query, places: [...found.places], index, path: tree.inclusion(index).map(base64url) }];
  });
}

/** The last checkpoint that was signed before that time. */
async function lastBefore(knex: Knex, time: number): Promise<Bound | undefined> {
  const signed = knex('evidence_checkpoints').where('signed_at', '<', time).orderBy('size', 'desc');
  return signed.first<Bound | undefined>('size', 'note');
}

function sizesWithin(knex: Knex, after: number, last: number): Promise<number[]> {
  const within = knex('evidence_checkpoints').where('size', '>', after).where('size', '<=', last);
  return within.orderBy('size').pluck<number[]>('size');
}

/** One after the other: proofs of a long log read a lot. */
async function inTurn<Item, Result>(items: readonly Item[], each: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await each(item));
  return results;
}
