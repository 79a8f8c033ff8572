// The tree of queries: which entries of a stretch of the log are about which query, sorted, so that two neighbours prove
// that nothing stands between them. By it a party shows that it kept quiet about nothing, without showing the rest.
import type { QueryId } from '@anonymesh/protocol';
import { leafHash } from '../merkle/hashes.js';
import { treeOf, type Tree } from '../merkle/tree.js';

/** A query, and the places of its entries within the stretch. */
export interface Mentions {
  readonly query: QueryId;
  readonly places: readonly number[];
}

export function mentionsOf(entries: readonly { readonly n: number; readonly query: QueryId }[]): Mentions[] {
  const byQuery = Map.groupBy(entries, ({ query }) => query);
  return [...byQuery]
    .map(([query, all]) => ({ query, places: all.map(({ n }) => n).sort((a, b) => a - b) }))
    .sort((a, b) => (a.query < b.query ? -1 : 1));
}

export function mentionLeaf({ query, places }: Mentions): Buffer {
  return leafHash(`${query} ${places.join(' ')}`);
}

export function queriesTree(mentions: readonly Mentions[]): Tree {
  return treeOf(mentions.map(mentionLeaf));
}
