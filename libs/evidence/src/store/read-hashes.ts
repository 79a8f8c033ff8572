// Proofs from the store: of all hashes of the tree it keeps those of the leaves and of every eighth level above them;
// what lies between is made of at most 128 of them.
import type { Knex } from 'knex';
import { append, emptyFrontier, rootOf, type Subtree } from '../merkle/frontier.js';
import { consistencyPath, inclusionPath, joined, subtreesOf, type Range } from '../merkle/paths.js';

/** Levels of the tree that are stored. */
export const storedEvery = 8;

/** What proves that the entry at that place is in the tree of that size. */
export function proveInclusion(knex: Knex, n: number, size: number): Promise<Buffer[]> {
  return hashesOf(knex, inclusionPath(n, size));
}

/** What proves that the tree of size `to` begins with that of size `from`. */
export async function proveConsistency(knex: Knex, from: number, to: number): Promise<Buffer[]> {
  return from === 0 ? [] : hashesOf(knex, consistencyPath(from, to));
}

async function hashesOf(knex: Knex, ranges: readonly Range[]): Promise<Buffer[]> {
  const hashes: Buffer[] = [];
  for (const range of ranges) {
    const parts: Buffer[] = [];
    for (const subtree of subtreesOf(range)) parts.push(await hashOf(knex, subtree));
    hashes.push(joined(parts));
  }
  return hashes;
}

async function hashOf(knex: Knex, { level, position }: Subtree): Promise<Buffer> {
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
