// Which hashes prove something about a tree (RFC 6962 sections 2.1.1 and 2.1.2): ranges of leaves, and the complete
// subtrees that each is made of. Plain arithmetic: whoever has the hashes reads them.
import { nodeHash } from './hashes.js';
import type { Subtree } from './frontier.js';

/** Leaves from `start`, before `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What proves that a leaf stands at that position of a tree of that size, from the leaf upwards. */
export function inclusionPath(position: number, size: number): Range[] {
  if (!(position >= 0 && position < size)) throw new RangeError('no such entry');
  return pathWithin(position, { start: 0, end: size });
}

function pathWithin(position: number, { start, end }: Range): Range[] {
  if (end - start === 1) return [];
  const middle = start + split(end - start);
  return position < middle
    ? [...pathWithin(position, { start, end: middle }), { start: middle, end }]
    : [...pathWithin(position, { start: middle, end }), { start, end: middle }];
}

/** What proves that a tree of size `to` begins with the tree of size `from`. */
export function consistencyPath(from: number, to: number): Range[] {
  if (!(from > 0 && from <= to)) throw new RangeError('no such tree');
  return subproof(from, { start: 0, end: to }, true);
}

function subproof(from: number, { start, end }: Range, known: boolean): Range[] {
  if (from === end - start) return known ? [] : [{ start, end }];
  const half = split(end - start);
  const middle = start + half;
  return from <= half
    ? [...subproof(from, { start, end: middle }, known), { start: middle, end }]
    : [...subproof(from - half, { start: middle, end }, false), { start, end: middle }];
}

/** The complete subtrees of a range that a path names, largest first. */
export function subtreesOf({ start, end }: Range): Subtree[] {
  if (start === end) return [];
  let level = 0;
  while (2 ** (level + 1) <= end - start) level += 1;
  return [{ level, position: start / 2 ** level }, ...subtreesOf({ start: start + 2 ** level, end })];
}

/** The hash of a range, from those of its complete subtrees, largest first. */
export function joined(hashes: readonly Buffer[]): Buffer {
  const last = hashes.at(-1);
  if (last === undefined) throw new RangeError('a range without leaves');
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/** The largest power of two below the size. */
function split(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}
