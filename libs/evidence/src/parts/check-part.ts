// Checks a party's part of a receipt: that the entries are in the log that its party signed, and that the log has no
// other entry about the query since it was asked.
import { clockTolerance, fromBase64url, type QueryId } from '@anonymesh/protocol';
import { readEntry, type Entry } from '../entries/entry.js';
import { leafOf, leafOfAll } from '../entries/queries-tree.js';
import { sectionsOf, type Counted } from '../entries/sections.js';
import { leafHash } from '../merkle/hashes.js';
import { rootByInclusion } from '../merkle/verify.js';
import { readCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import { standingOf, type LogKeys } from '../notes/log-keys.js';
import { part, type Part, type Proven } from './part.js';
import { placesIn } from './places-in.js';

/** Why a part proves nothing; `n` says of which entry. */
export type PartFault =
  | {
      readonly kind:
        'malformed' | 'unsigned' | 'revoked' | 'another-query' | 'not-from-the-beginning' | 'not-to-the-end';
    }
  | {
      readonly kind: 'not-in-the-log' | 'gap' | 'miscounted' | 'kept-quiet-about' | 'not-mentioned';
      readonly n: number;
    };

export interface CheckedPart {
  readonly checkpoint: SignedCheckpoint;
  readonly entries: readonly (About & { readonly salt: Buffer | undefined })[];
  /** When the log was counted last: what it says, it says up to then. Undefined where it does not prove that it is all. */
  readonly until: number | undefined;
}

export interface PartExpected extends LogKeys {
  readonly query: QueryId;
  /** As the query's manifest says; milliseconds since 1970. */
  readonly askedAt: number;
  readonly origin: string;
}

/** An entry about a query. */
type About = Exclude<Entry, Counted>;

export function checkPart(json: unknown, expected: PartExpected): CheckedPart | PartFault {
  const parsed = part.safeParse(json);
  const checkpoint = parsed.data && readCheckpoint(parsed.data.checkpoint);
  if (parsed.data === undefined || checkpoint?.origin !== expected.origin) return { kind: 'malformed' };
  const standing = standingOf(checkpoint, expected);
  if (standing !== 'good') return { kind: standing };
  if (parsed.data.query !== expected.query) return { kind: 'another-query' };
  const entries = parsed.data.entries.map((each) => ({ entry: inLog(each, checkpoint), salt: each.salt }));
  const known: CheckedPart['entries'][number][] = [];
  for (const [index, { entry, salt }] of entries.entries()) {
    if (entry === undefined) return { kind: 'not-in-the-log', n: index };
    if (entry.did === 'counted' || entry.query !== expected.query) return { kind: 'another-query' };
    known.push({ ...entry, salt: salt === undefined ? undefined : fromBase64url(salt) });
  }
  if (parsed.data.stretches.length === 0) return { checkpoint, entries: known, until: undefined };
  const places = countedPlaces(parsed.data, checkpoint, expected);
  if ('kind' in places) return places;
  const shown = new Set(known.map(({ n }) => n));
  const quiet = places.all.find((n) => !shown.has(n));
  if (quiet !== undefined) return { kind: 'kept-quiet-about', n: quiet };
  const counted = new Set(places.all);
  const extra = known.find(({ n }) => !counted.has(n));
  if (extra !== undefined || shown.size !== known.length) return { kind: 'not-mentioned', n: extra?.n ?? 0 };
  return { checkpoint, entries: known, until: places.until };
}

/** The places of all entries about the query, as the pieces count them one after the other. */
function countedPlaces(
  { before, stretches, query }: Part,
  checkpoint: SignedCheckpoint,
  { askedAt }: PartExpected,
): { readonly all: number[]; readonly until: number } | PartFault {
  const since = askedAt - clockTolerance;
  const first = before && inLog(before, checkpoint);
  if (before !== undefined && (first?.did !== 'counted' || first.at >= since))
    return { kind: 'not-from-the-beginning' };
  const all: number[] = [];
  let next = first === undefined ? undefined : first.n + 1;
  let until = 0;
  for (const piece of stretches) {
    const read = readPiece(piece, checkpoint);
    if (read === undefined) return { kind: 'gap', n: next ?? 0 };
    const { counted, earlier, shown } = read;
    // A piece that is the first begins with the log, or after what its entry says to have been counted by then.
    const begins = next ?? (earlier !== undefined && earlier.at < since ? earlier.to : 0);
    if (shown[0]?.section.from !== begins) return { kind: 'gap', n: begins };
    const leaf = counted.runs === undefined ? leafOfAll : leafOf;
    for (const { section, mentions } of shown) {
      const places = placesIn(section, query, mentions, leaf);
      if (places === undefined) return { kind: 'miscounted', n: counted.n };
      all.push(...places);
    }
    next = counted.n + 1;
    until = counted.at;
  }
  return next === checkpoint.size ? { all, until } : { kind: 'not-to-the-end' };
}

/** Undefined where its entry is not in the log, or lists no such sections. */
function readPiece({ counted: proven, runs = [], mentions }: Part['stretches'][number], checkpoint: SignedCheckpoint) {
  const counted = inLog(proven, checkpoint);
  const sections = counted?.did === 'counted' ? sectionsOf(counted) : undefined;
  if (counted?.did !== 'counted' || sections === undefined || runs.length >= sections.length) return undefined;
  const first = sections.length - 1 - runs.length;
  const shown = sections.slice(first).map((section, index) => ({ section, mentions: runs[index] ?? mentions }));
  return { counted, earlier: first === 0 ? undefined : sections[first - 1], shown };
}

/** The entry, if the checkpoint's log has it in its place. */
function inLog({ entry: text, path }: Proven, { size, root }: SignedCheckpoint): Entry | undefined {
  const entry = readEntry(text);
  if (entry === undefined) return undefined;
  return rootByInclusion(leafHash(text), { position: entry.n, size }, bytesOf(path))?.equals(root) ? entry : undefined;
}

function bytesOf(path: readonly string[]): Buffer[] {
  return path.map((hash) => fromBase64url(hash) ?? Buffer.alloc(0));
}
