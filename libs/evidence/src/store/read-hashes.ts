// Proofs from the store: of all hashes of the tree it keeps those of the leaves and of every eighth level above them;
// what lies between is made of at most 128 of them.
import type { Knex } from 'knex';
import { append, emptyFrontier, rootOf, type Subtree } from '../merkle/frontier.js';
import { consistencyPath, inclusionPath, joined, subtreesOf, type Range } from '../merkle/paths.js';

/** Levels of the tree that are stored. */
export const storedEvery = 8;

export interface Hashes {
  /** What proves that the entry at that place is in the tree of that size. */
  inclusion(n: number, size: number): Promise<Buffer[]>;
  /** What proves that the tree of size `to` begins with that of size `from`. */
  consistency(from: number, to: number): Promise<Buffer[]>;
}

/** Each hash is read once: who proves many entries of a log proves them by one of these, and lets it go. */
export function openHashes(knex: Knex): Hashes {
  const known = new Map<string, Promise<Buffer>>();
  const hashOf = (subtree: Subtree) => {
    const name = `${subtree.level} ${subtree.position}`;
    const hash = known.get(name) ?? readHash(knex, subtree);
    known.set(name, hash);
    return hash;
  };
  const hashesOf = async (ranges: readonly Range[]) => {
    const hashes: Buffer[] = [];
    for (const range of ranges) {
      const parts: Buffer[] = [];
      for (const subtree of subtreesOf(range)) parts.push(await hashOf(subtree));
      hashes.push(joined(parts));
    }
    return hashes;
  };
  return {
    inclusion: (n, size) => hashesOf(inclusionPath(n, size)),
    consistency: async (from, to) => (from === 0 ? [] : hashesOf(consistencyPath(from, to))),
  };
}

export function proveInclusion(knex: Knex, n: number, size: number): Promise<Buffer[]> {
  return openHashes(knex).inclusion(n, size);
}

export function proveConsistency(knex: Knex, from: number, to: number): Promise<Buffer[]> {
  return openHashes(knex).consistency(from, to);
}

async function readHash(knex: Knex, { level, position }: Subtree): Promise<Buffer> {
  const above = level % storedEvery;
  const width = 2 ** above;
  const stored = await storedHashes(knex, level - above, position * width, width);
  if (stored.length !== width) throw new Error('the log lacks hashes of its tree');
  return rootOf(append(emptyFrontier, stored));
}

function storedHashes(knex: Knex, level: number, start: number, count: number): Promise<Buffer[]> {
  const within = [start, start + count - 1] as const;
  if (level === 0) return knex('evidence_entries').whereBetween('n', within).orderBy('n').pluck<Buffer[]>('leaf');
  const ofLevel = knex('evidence_subtrees').where({ level });
  return ofLevel.whereBetween('position', within).orderBy('position').pluck<Buffer[]>('hash');
}
