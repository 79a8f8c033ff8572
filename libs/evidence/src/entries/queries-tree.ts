// The tree of queries: which entries of a section of the log are about which query, sorted, so that two neighbours prove
// that nothing stands between them. By it a party shows that it kept quiet about nothing, without showing the rest.
import { sha256Of, type QueryId } from '@anonymesh/protocol';
import { leafHash } from '../merkle/hashes.js';

/**
 * A query, a space, and the places of its entries within the section, ascending, separated by spaces. Queries are of one
 * length: lines that are sorted are sorted by query.
 */
export type Line = string;

export function linesOf(entries: readonly { readonly n: number; readonly query: QueryId }[]): Line[] {
  const byQuery = Map.groupBy(entries, ({ query }) => query);
  const placesOf = (all: readonly { readonly n: number }[]) => all.map(({ n }) => n).sort((a, b) => a - b);
  return [...byQuery].map(([query, all]) => `${query} ${placesOf(all).join(' ')}`).sort();
}

const queryLength = 32;

export function queryIn(line: Line): QueryId {
  return line.slice(0, queryLength);
}

export function placesIn(line: Line): string {
  return line.slice(queryLength + 1);
}

/** Those of two sections, of which the second follows the first. */
export function joinLines(first: readonly Line[], second: readonly Line[]): Line[] {
  const joined: Line[] = [];
  let [one, other] = [0, 0];
  for (;;) {
    const [left, right] = [first[one], second[other]];
    if (left === undefined || right === undefined) break;
    const [query, next] = [queryIn(left), queryIn(right)];
    joined.push(query === next ? `${left} ${placesIn(right)}` : query < next ? left : right);
    if (query <= next) one += 1;
    if (next <= query) other += 1;
  }
  return [...joined, ...first.slice(one), ...second.slice(other)];
}

/** Characters of places, at most, that a leaf says. */
const longest = 64;

/** What a leaf says: of many places only their hash, so that whoever shows it as a neighbour needs no room for them. */
export function leafText(query: QueryId, places: string): string {
  return `${query} ${places.length <= longest ? places : sha256Of(places)}`;
}

/** What a leaf's hash is made of. Entries that list no runs have leaves that say all places. */
export type LeafOf = (line: Line) => Buffer;

export const leafOf: LeafOf = (line) => leafHash(leafText(queryIn(line), placesIn(line)));
export const leafOfAll: LeafOf = (line) => leafHash(line);
