// Makes a party's part of a receipt from its own store.
import { base64url, clockTolerance, type QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { readEntry } from '../entries/entry.js';
import { leafOf, leafOfAll, type LeafOf } from '../entries/queries-tree.js';
import { sectionsOf, type Section } from '../entries/sections.js';
import { mentionsAmong, openMentions, type Mentioning } from '../runs/mentions.js';
import { linesWithin } from '../store/checkpoints.js';
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
  const pieces = new Map<number, Promise<Piece>>();
  const trees = new Map<string, Promise<Mentioning | undefined>>();

  const prove = async ({ n, text, salt }: Stored, opens = false): Promise<Proven> => ({
    entry: text,
    path: (await hashes.inclusion(n, size)).map(base64url),
    ...(opens && salt !== undefined ? { salt: base64url(salt) } : {}),
  });
  const readPiece = async (end: number): Promise<Piece> => {
    const [stored] = await readEntries(knex, { from: end - 1, to: end });
    const counted = stored && readEntry(stored.text);
    const sections = counted?.did === 'counted' ? sectionsOf(counted) : undefined;
    const own = sections?.at(-1);
    if (stored === undefined || counted?.did !== 'counted' || sections === undefined || own === undefined)
      throw new Error('the log lacks an entry that counts');
    const leaf = counted.runs === undefined ? leafOfAll : leafOf;
    return { counted: await prove(stored), own, runs: sections.slice(0, -1), leaf };
  };
  const pieceAt = (end: number) => once(pieces, end, () => readPiece(end));
  const treeOf = (section: Section) => once(trees, `${section.from} ${section.to}`, () => openMentions(knex, section));
  const ownTree = async ({ own, leaf }: Piece): Promise<Mentioning> =>
    (leaf === leafOf ? await treeOf(own) : undefined) ??
    mentionsAmong(await linesWithin(knex, own.from, own.to - 1), leaf);

  /** Of the piece as many runs as are needed and are still there; and the place where it then begins. */
  const show = async (query: QueryId, since: number, piece: Piece) => {
    const runs: Mention[][] = [];
    let { from } = piece.own;
    let isWhole = from === 0;
    for (const run of piece.runs.toReversed()) {
      isWhole = run.at < since;
      const tree = isWhole ? undefined : await treeOf(run);
      if (tree === undefined) break;
      runs.unshift(await tree.of(query));
      ({ from } = run);
      isWhole = from === 0;
    }
    const mentions = await (await once(owns, piece, () => ownTree(piece))).of(query);
    return { from, isWhole, stretch: { counted: piece.counted, ...(runs.length === 0 ? {} : { runs }), mentions } };
  };
  const owns = new Map<Piece, Promise<Mentioning>>();

  /** From the end back to what was counted before the query was asked. */
  const showAll = async (query: QueryId, since: number) => {
    const stretches: Part['stretches'] = [];
    for (let end = size; end > 0;) {
      const piece = await pieceAt(end);
      if (piece.own.at < since) return { before: piece.counted, stretches };
      const { from, isWhole, stretch } = await show(query, since, piece);
      stretches.unshift(stretch);
      if (isWhole) break;
      end = from;
    }
    return { stretches };
  };

  return {
    make: async ({ query, askedAt, opens }) => {
      const shown = await showAll(query, askedAt - clockTolerance);
      if (shown.stretches.length === 0) return undefined;
      const entries: Proven[] = [];
      for (const each of await entriesAbout(knex, query, size)) entries.push(await prove(each, opens));
      return { type: 'anonymesh/evidence-part/v1', query, checkpoint: note, entries, ...shown };
    },
  };
}

/** What an entry that counts says of the log. */
interface Piece {
  readonly counted: Proven;
  readonly own: Section;
  readonly runs: readonly Section[];
  readonly leaf: LeafOf;
}

/** The last checkpoint that was signed before that time. */
async function lastBefore(knex: Knex, time: number): Promise<Bound | undefined> {
  const signed = knex('evidence_checkpoints').where('signed_at', '<', time).orderBy('size', 'desc');
  return signed.first<Bound | undefined>('size', 'note');
}

function once<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
