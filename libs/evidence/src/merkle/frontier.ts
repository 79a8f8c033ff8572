// The frontier: all that is needed of a tree to append to it and to know its root, one hash for each bit of its size.
import { emptyRoot, nodeHash } from './hashes.js';

export interface Frontier {
  readonly size: number;
  /** Roots of the complete subtrees that the tree is made of, largest first. */
  readonly peaks: readonly Buffer[];
}

/** A subtree of 2^level leaves that are all there; `position` counts such subtrees from the left. */
export interface Subtree {
  readonly level: number;
  readonly position: number;
}

export const emptyFrontier: Frontier = { size: 0, peaks: [] };

/** Appends leaf hashes; `completed` hears of each inner subtree that they complete. */
export function append(
  { size, peaks }: Frontier,
  leaves: readonly Buffer[],
  completed: (subtree: Subtree, hash: Buffer) => void = () => undefined,
): Frontier {
  const stack = [...peaks];
  leaves.forEach((leaf, index) => {
    let hash = leaf;
    let position = size + index;
    for (let level = 1; position % 2 === 1; level += 1) {
      hash = nodeHash(stack.pop() ?? lacking(), hash);
      position = (position - 1) / 2;
      completed({ level, position }, hash);
    }
    stack.push(hash);
  });
  return { size: size + leaves.length, peaks: stack };
}

/** 32 bytes. */
export function rootOf({ peaks }: Frontier): Buffer {
  const last = peaks.at(-1);
  if (last === undefined) return emptyRoot;
  return peaks.slice(0, -1).reduceRight((root, peak) => nodeHash(peak, root), last);
}

/** How many peaks a tree of that size has. */
export function peaksOf(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

function lacking(): never {
  throw new RangeError('a frontier has too few peaks for its size');
}
