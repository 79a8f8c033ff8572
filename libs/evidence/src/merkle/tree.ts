// A small tree in memory, all of its leaves known: what a log is checked against, and what is made of a few hundred
// leaves at once. A log itself keeps its hashes in its store.
import { append, emptyFrontier, rootOf } from './frontier.js';
import { consistencyPath, inclusionPath, type Range } from './paths.js';

export interface Tree {
  readonly root: Buffer;
  readonly inclusion: (position: number) => Buffer[];
  readonly consistency: (from: number) => Buffer[];
}

/** Of leaf hashes. */
export function treeOf(leaves: readonly Buffer[]): Tree {
  const hashOf = ({ start, end }: Range) => rootOf(append(emptyFrontier, leaves.slice(start, end)));
  return {
    root: hashOf({ start: 0, end: leaves.length }),
    inclusion: (position) => inclusionPath(position, leaves.length).map(hashOf),
    consistency: (from) => consistencyPath(from, leaves.length).map(hashOf),
  };
}
