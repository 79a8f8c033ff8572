// The records that matched, with the gates that other holders gave for them: what opens their outer layers, or proves to
// their holder that they matched.
import type { FileHandle } from 'node:fs/promises';
import { othersOf, type TokenShape, wordBytes } from '../holder/shape.js';
import type { Combined } from './combiner.js';
import type { Matches, MatchLimits } from './find-matches.js';
import { countPeople, type TaggedRecord } from './people.js';
import { readAt, restBytes, type Spool } from './spool.js';
import { blocksOf } from './visit-tags.js';

export interface ReleasedRecord {
  readonly holder: string;
  /** Its position in the holder's order of tokens. */
  readonly record: number;
  /** For each other holder, in byte order, and each slot: the gate that it gave, 16 bytes, where it has that key. */
  readonly gates: readonly (readonly (Buffer | undefined)[])[];
  /** Salt, masked shares, outer layer: empty where records are not released on a match. */
  readonly envelope: Buffer;
}

/** Where a holder's gates for a tag stand. */
interface Place {
  readonly record: number;
  readonly slot: number;
}

/** For each tag of a released record, the first place at which each holder has it. */
type Givers = Map<string, (Place | undefined)[]>;

export async function gather(
  spool: Spool,
  matches: Matches,
  { least }: Pick<MatchLimits, 'least'>,
  signal?: AbortSignal,
): Promise<Combined | 'too-few'> {
  const { shape } = spool;
  const tagged: TaggedRecord[] = [];
  const givers: Givers = new Map();
  for (const [holder, released] of matches.released.entries()) {
    for await (const { tags } of recordsOf(spool, holder, released)) {
      tagged.push({ holder, tags });
      for (const tag of tags) givers.set(tag, []);
    }
  }
  const people = countPeople(tagged);
  if (people < least) return 'too-few';
  if (shape.release !== 'count') await findGivers(spool, matches, givers, signal);
  const counts = Object.fromEntries(shape.holders.map((id, index) => [id, matches.released[index]!.length]));
  return {
    people,
    counts,
    async *released(only) {
      for (const [index, holder] of shape.holders.entries())
        if (only === undefined || only === holder)
          for await (const record of releasedOf(spool, index, matches.released[index]!, givers)) {
            signal?.throwIfAborted();
            yield record;
          }
    },
  };
}

async function* recordsOf(spool: Spool, holder: number, records: Iterable<number>) {
  const { holders, gates } = spool.shape;
  const file = await spool.tags(holders[holder]!);
  try {
    for (const record of records)
      if (file !== undefined) yield { record, tags: tagTexts(await readAt(file, record * gates, gates)) };
  } finally {
    await file?.close();
  }
}

/**
 * A record that gives a gate shares a tag, so that it is marked; it need not be released itself, and where two holders have
 * millions in common, millions are not: they are read in blocks, not one by one.
 */
async function findGivers(
  spool: Spool,
  { records, sharedWith }: Matches,
  givers: Givers,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { shape } = spool;
  for (const [holder, id] of shape.holders.entries()) {
    const marks = sharedWith[holder]!;
    const isMarked = (first: number, end: number) => marks.subarray(first, end).some((bits) => bits !== 0);
    const file = await spool.tags(id);
    if (file === undefined) continue;
    try {
      for await (const { first, bytes } of blocksOf({ file, records: records[holder]! }, shape.keys, signal, isMarked))
        for (let at = 0, record = first; at < bytes.length; at += shape.gates, record++) {
          if (marks[record] === 0) continue;
          for (const [slot, tag] of tagTexts(bytes.subarray(at, at + shape.gates)).entries()) {
            const places = givers.get(tag);
            if (places !== undefined) places[holder] ??= { record, slot };
          }
        }
    } finally {
      await file.close();
    }
  }
}

async function* releasedOf(spool: Spool, index: number, records: Uint32Array, givers: Givers) {
  const { shape } = spool;
  if (shape.release === 'count') return;
  const holder = shape.holders[index]!;
  const files = await Promise.all(shape.holders.map((id) => spool.rest(id)));
  try {
    const others = othersOf(shape, holder).map((id) => shape.holders.indexOf(id));
    const own = files[index];
    for await (const { record, tags } of recordsOf(spool, index, records)) {
      const gates: (Buffer | undefined)[][] = [];
      for (const other of others) {
        const given = tags.map((tag) => gateAt(shape, files[other], other, holder, givers.get(tag)?.[other]));
        gates.push(await Promise.all(given));
      }
      const at = record * restBytes(shape) + shape.envelope - shape.gates;
      const envelope = own === undefined ? Buffer.alloc(0) : await readAt(own, at, shape.envelopeBytes);
      yield { holder, record, gates, envelope };
    }
  } finally {
    for (const file of files) await file?.close();
  }
}

/** The gate that the giver's token has for the receiver's records, in the slot in which the giver has the tag. */
async function gateAt(
  shape: TokenShape,
  file: FileHandle | undefined,
  giver: number,
  receiver: string,
  place: Place | undefined,
): Promise<Buffer | undefined> {
  if (file === undefined || place === undefined) return undefined;
  const other = othersOf(shape, shape.holders[giver]!).indexOf(receiver);
  const gate = (other * shape.keys + place.slot) * wordBytes;
  return readAt(file, place.record * restBytes(shape) + gate, wordBytes);
}

function tagTexts(tags: Buffer): string[] {
  return Array.from({ length: tags.length / wordBytes }, (_, slot) =>
    tags.toString('latin1', slot * wordBytes, (slot + 1) * wordBytes),
  );
}
