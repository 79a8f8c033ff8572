// Checks proofs without the tree (RFC 9162 sections 2.1.3.2 and 2.1.4.2). A proof comes from the party that it is to bind:
// nothing of it is believed.
import { nodeHash } from './hashes.js';

/** The root to which the path leads from that leaf; undefined where no such proof can be. */
export function rootByInclusion(
  leaf: Buffer,
  { position, size }: { readonly position: number; readonly size: number },
  path: readonly Buffer[],
): Buffer | undefined {
  if (!isCount(position) || !isCount(size) || position >= size) return undefined;
  let root = leaf;
  let [first, last] = [position, size - 1];
  for (const hash of path) {
    if (last === 0) return undefined;
    if (first % 2 === 1 || first === last) {
      root = nodeHash(hash, root);
      while (first % 2 === 0 && first > 0) [first, last] = [half(first), half(last)];
    } else root = nodeHash(root, hash);
    [first, last] = [half(first), half(last)];
  }
  return last === 0 ? root : undefined;
}

export interface Head {
  readonly size: number;
  readonly root: Buffer;
}

/** Whether the path proves that the larger tree begins with the smaller. */
export function isConsistent(smaller: Head, larger: Head, path: readonly Buffer[]): boolean {
  if (!isCount(smaller.size) || !isCount(larger.size) || smaller.size > larger.size) return false;
  if (smaller.size === larger.size) return path.length === 0 && smaller.root.equals(larger.root);
  if (smaller.size === 0) return path.length === 0;
  let [first, last] = [smaller.size - 1, larger.size - 1];
  while (first % 2 === 1) [first, last] = [half(first), half(last)];
  // Where the smaller tree is one complete subtree, its root is known and not in the path.
  const hashes = first === 0 ? [smaller.root, ...path] : path;
  const [seed, ...rest] = hashes;
  if (seed === undefined) return false;
  let [old, young] = [seed, seed];
  for (const hash of rest) {
    if (last === 0) return false;
    if (first % 2 === 1 || first === last) {
      [old, young] = [nodeHash(hash, old), nodeHash(hash, young)];
      while (first % 2 === 0 && first > 0) [first, last] = [half(first), half(last)];
    } else young = nodeHash(young, hash);
    [first, last] = [half(first), half(last)];
  }
  return last === 0 && old.equals(smaller.root) && young.equals(larger.root);
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
