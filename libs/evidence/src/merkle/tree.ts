// A small tree in memory, all of its leaves known: what a log is checked against, and what is made of a few thousand
// leaves at once. A log itself keeps its hashes in its store.
import { append, emptyFrontier, rootOf, type Subtree } from './frontier.js';
import { consistencyPath, inclusionPath, joined, subtreesOf, type Range } from './paths.js';

export interface Tree {
  readonly root: Buffer;
  readonly inclusion: (position: number) => Buffer[];
  readonly consistency: (from: number) => Buffer[];
}

/** Of leaf hashes. */
export function treeOf(leaves: readonly Buffer[]): Tree {
  const levels: Buffer[][] = [[...leaves]];
  const whole = append(emptyFrontier, leaves, ({ level, position }, hash) => {
    const of = (levels[level] ??= []);
    of[position] = hash;
  });
  const hashOf = ({ level, position }: Subtree) => {
    const hash = levels[level]?.[position];
    if (hash === undefined) throw new RangeError('no such subtree');
    return hash;
  };
  const hashesOf = (path: readonly Range[]) => path.map((range) => joined(subtreesOf(range).map(hashOf)));
  return {
    root: rootOf(whole),
    inclusion: (position) => hashesOf(inclusionPath(position, leaves.length)),
    consistency: (from) => hashesOf(consistencyPath(from, leaves.length)),
  };
}
