// Checks a party's part of a receipt: that the entries are in the log that its party signed, and that the log has no
// other entry about the query since it was asked.
import { base64url, clockTolerance, fromBase64url, type QueryId } from '@anonymesh/protocol';
import { readEntry, type Entry } from '../entries/entry.js';
import { mentionLeaf } from '../entries/queries-tree.js';
import { leafHash } from '../merkle/hashes.js';
import { rootByInclusion } from '../merkle/verify.js';
import { readCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import { standingOf, type LogKeys } from '../notes/log-keys.js';
import { part, type Mention, type Part, type Proven } from './part.js';

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
type About = Exclude<Entry, { readonly did: 'counted' }>;
type Counted = Extract<Entry, { readonly did: 'counted' }>;

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

/** The places of all entries about the query, as the stretches count them one after the other. */
function countedPlaces(
  { before, stretches, query }: Part,
  checkpoint: SignedCheckpoint,
  { askedAt }: PartExpected,
): { readonly all: number[]; readonly until: number } | PartFault {
  const first = before && inLog(before, checkpoint);
  if (before !== undefined && (first?.did !== 'counted' || first.at >= askedAt - clockTolerance))
    return { kind: 'not-from-the-beginning' };
  const all: number[] = [];
  let next = first === undefined ? 0 : first.n + 1;
  let until = 0;
  for (const { counted: shown, mentions } of stretches) {
    const counted = inLog(shown, checkpoint);
    if (counted?.did !== 'counted' || counted.from !== next || counted.to !== counted.n)
      return { kind: 'gap', n: next };
    const places = placesIn(counted, query, mentions);
    if (places === undefined) return { kind: 'miscounted', n: counted.n };
    all.push(...places);
    next = counted.n + 1;
    until = counted.at;
  }
  return next === checkpoint.size && stretches.length > 0 ? { all, until } : { kind: 'not-to-the-end' };
}

/** Where the stretch has entries about the query; undefined where its mentions prove nothing. */
function placesIn(counted: Counted, query: QueryId, mentions: readonly Mention[]): readonly number[] | undefined {
  if (!mentions.every((mention) => isMentioned(mention, counted))) return undefined;
  const [left, right] = mentions;
  if (left?.query === query) return right === undefined ? left.places : undefined;
  if (counted.queries === 0) return left === undefined ? [] : undefined;
  if (left === undefined) return undefined;
  if (right !== undefined)
    return left.query < query && query < right.query && right.index === left.index + 1 ? [] : undefined;
  const isFirst = left.index === 0 && query < left.query;
  const isLast = left.index === counted.queries - 1 && left.query < query;
  return isFirst || isLast ? [] : undefined;
}

function isMentioned({ query, places, index, path }: Mention, { queries, root, from, to }: Counted): boolean {
  if (!places.every((n) => from <= n && n < to)) return false;
  const led = rootByInclusion(mentionLeaf({ query, places }), { position: index, size: queries }, bytesOf(path));
  return led !== undefined && base64url(led) === root;
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
