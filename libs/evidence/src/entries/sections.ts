// What an entry that counts says: of each section of the log, from an early one up to its own, which queries its entries
// are about. A section is a run, of many stretches between checkpoints, or the stretch before the entry itself.
import type { Entry } from './entry.js';

export type Counted = Extract<Entry, { readonly did: 'counted' }>;

/** Entries from one place before another. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Section extends Span {
  readonly queries: number;
  /** base64url, of their tree. */
  readonly root: string;
  /** When its last entry, which counts, was made; milliseconds since 1970. */
  readonly at: number;
}

/** Each follows the one before, and the last ends with the entry. Undefined where they do not. */
export function sectionsOf({ n, at, from, to, queries, root, runs = [] }: Counted): Section[] | undefined {
  const all = [...runs, { at, from, queries, root }];
  const sections = all.map((each, index) => ({ ...each, to: all[index + 1]?.from ?? n + 1 }));
  const isInOrder = to === n && sections.every((each) => each.from < each.to);
  return isInOrder ? sections : undefined;
}
