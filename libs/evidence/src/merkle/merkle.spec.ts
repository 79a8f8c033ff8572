import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { append, emptyFrontier, peaksOf, rootOf, type Subtree } from './frontier.js';
import { emptyRoot, leafHash, nodeHash } from './hashes.js';
import { consistencyPath, inclusionPath, joined, subtreesOf } from './paths.js';
import { treeOf } from './tree.js';
import { isConsistent, rootByInclusion } from './verify.js';

const hex = (bytes: Buffer | undefined) => bytes?.toString('hex');
const fromHex = (text: string) => Buffer.from(text, 'hex');

// The eight entries by which Certificate Transparency's own implementations are tested, and the roots of their trees.
const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const leaves = entries.map((entry) => leafHash(fromHex(entry)));
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** RFC 6962 section 2.1, as it stands there. */
function mth(all: readonly Buffer[]): Buffer {
  if (all.length === 0) return emptyRoot;
  if (all.length === 1) return all[0] ?? emptyRoot;
  let k = 1;
  while (k * 2 < all.length) k *= 2;
  return nodeHash(mth(all.slice(0, k)), mth(all.slice(k)));
}

const someLeaves = fc
  .integer({ min: 1, max: 200 })
  .map((count) => Array.from({ length: count }, (_, n) => leafHash(`${n}`)));

describe('a tree', () => {
  it('has the known roots of the eight entries, appended at once or one by one', () => {
    expect(roots.map((_, size) => hex(treeOf(leaves.slice(0, size)).root))).toEqual(roots);
    let frontier = emptyFrontier;
    const grown = leaves.map((leaf) => hex(rootOf((frontier = append(frontier, [leaf])))));
    expect(grown).toEqual(roots.slice(1));
  });

  it('gives the known proofs of the eight entries', () => {
    const tree = treeOf(leaves);
    expect(tree.inclusion(1).map(hex)).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(tree.inclusion(0).map(hex)[0]).toBe('96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7');
    expect(tree.consistency(6).map(hex)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('has the root that the RFC defines, however its entries are cut into portions', () => {
    fc.assert(
      fc.property(someLeaves, fc.array(fc.nat(20), { maxLength: 20 }), (all, cuts) => {
        let frontier = emptyFrontier;
        let start = 0;
        for (const cut of [...cuts, all.length]) {
          frontier = append(frontier, all.slice(start, start + cut));
          start = Math.min(all.length, start + cut);
        }
        expect(hex(rootOf(frontier))).toBe(hex(mth(all)));
        expect(frontier).toMatchObject({ size: all.length, peaks: { length: peaksOf(all.length) } });
      }),
    );
  });

  it('tells of each inner subtree once it is complete, and of no other', () => {
    const told = new Map<string, Buffer>();
    const nameOf = ({ level, position }: Subtree) => `${level}/${position}`;
    const all = Array.from({ length: 37 }, (_, n) => leafHash(`${n}`));
    append(append(emptyFrontier, all.slice(0, 11), keep), all.slice(11), keep);
    function keep(subtree: Subtree, hash: Buffer): void {
      expect(told.has(nameOf(subtree))).toBe(false);
      told.set(nameOf(subtree), hash);
    }
    expect(told.size).toBe(18 + 9 + 4 + 2 + 1);
    for (const [name, hash] of told) {
      const [level = 0, position = 0] = name.split('/').map(Number);
      expect(hex(hash)).toBe(hex(mth(all.slice(position * 2 ** level, (position + 1) * 2 ** level))));
    }
  });
});

describe('a proof', () => {
  it('of inclusion leads to the root for every entry of every size, and for no other entry or place', () => {
    fc.assert(
      fc.property(someLeaves, fc.nat(), fc.nat(), (all, some, other) => {
        const size = all.length;
        const position = some % size;
        const tree = treeOf(all);
        const path = tree.inclusion(position);
        const [leaf, wrong] = [all[position], all[other % size]];
        if (leaf === undefined || wrong === undefined) throw new Error('no leaf');
        expect(hex(rootByInclusion(leaf, { position, size }, path))).toBe(hex(tree.root));
        const right = other % size === position;
        expect(hex(rootByInclusion(wrong, { position, size }, path)) === hex(tree.root)).toBe(right);
        expect(hex(rootByInclusion(leaf, { position: other % size, size }, path)) === hex(tree.root)).toBe(right);
        for (const bad of [path.slice(1), [...path, leaf], path.slice(0, -1)])
          if (bad.length !== path.length)
            expect(hex(rootByInclusion(leaf, { position, size }, bad))).not.toBe(hex(tree.root));
      }),
    );
  });

  it('of inclusion is none for places that no tree has', () => {
    const [leaf] = leaves;
    if (leaf === undefined) throw new Error('no leaf');
    for (const [position, size] of [
      [-1, 8],
      [8, 8],
      [0, 0],
      [0.5, 8],
      [NaN, 8],
      [0, Infinity],
      [2 ** 60, 2 ** 61],
    ] as const)
      expect(rootByInclusion(leaf, { position, size }, [])).toBe(undefined);
  });

  it('of consistency holds for every two sizes, and for no other root, size or path', () => {
    fc.assert(
      fc.property(someLeaves, fc.nat(), (all, some) => {
        const from = 1 + (some % all.length);
        const smaller = { size: from, root: mth(all.slice(0, from)) };
        const larger = { size: all.length, root: mth(all) };
        const path = treeOf(all).consistency(from);
        expect(isConsistent(smaller, larger, path)).toBe(true);
        const forged = leafHash('forged');
        expect(isConsistent({ ...smaller, root: forged }, larger, path)).toBe(false);
        expect(isConsistent(smaller, { ...larger, root: forged }, path)).toBe(false);
        expect(isConsistent(smaller, larger, [...path, forged])).toBe(false);
        if (path.length > 0) expect(isConsistent(smaller, larger, path.slice(0, -1))).toBe(false);
        if (from < all.length) expect(isConsistent(larger, smaller, path)).toBe(false);
      }),
    );
  });

  it('of consistency shows a changed, a removed and a moved entry of the past', () => {
    const from = 5;
    const smaller = { size: from, root: mth(leaves.slice(0, from)) };
    const [first, second, ...others] = leaves;
    if (first === undefined || second === undefined) throw new Error('no leaves');
    for (const rewritten of [
      [leafHash('x'), second, ...others],
      [second, first, ...others],
      [second, ...others, first],
    ]) {
      const tree = treeOf(rewritten);
      expect(isConsistent(smaller, { size: 8, root: tree.root }, tree.consistency(from))).toBe(false);
    }
  });

  it('begins with nothing: every tree continues the empty one, by an empty path', () => {
    const larger = { size: 8, root: mth(leaves) };
    expect(isConsistent({ size: 0, root: emptyRoot }, larger, [])).toBe(true);
    expect(isConsistent({ size: 0, root: emptyRoot }, larger, leaves.slice(0, 1))).toBe(false);
  });

  it('names ranges whose complete subtrees give their hash', () => {
    fc.assert(
      fc.property(someLeaves, fc.nat(), (all, some) => {
        const hashOf = ({ level, position }: Subtree) =>
          mth(all.slice(position * 2 ** level, (position + 1) * 2 ** level));
        const paths = [
          inclusionPath(some % all.length, all.length),
          consistencyPath(1 + (some % all.length), all.length),
        ];
        for (const range of paths.flat())
          expect(hex(joined(subtreesOf(range).map(hashOf)))).toBe(hex(mth(all.slice(range.start, range.end))));
      }),
    );
  });

  it('is not made for an entry or a tree that is not there', () => {
    expect(() => inclusionPath(8, 8)).toThrow(RangeError);
    expect(() => inclusionPath(-1, 8)).toThrow(RangeError);
    expect(() => consistencyPath(0, 8)).toThrow(RangeError);
    expect(() => consistencyPath(9, 8)).toThrow(RangeError);
  });
});
