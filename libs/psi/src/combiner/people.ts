// How many people the released records are of: the size of the intersection.

/** A released record: its holder's index, and the tags of its keys. */
export interface TaggedRecord {
  readonly holder: number;
  readonly tags: readonly string[];
}

/**
 * Records that are linked by shared tags, through others too, are counted together, as many times as the holder with
 * most of them has them: two records of one holder may be twins that no key can tell apart.
 */
export function countPeople(records: readonly TaggedRecord[]): number {
  const parents = records.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parents[root] !== root) {
      parents[root] = parents[parents[root]!]!;
      root = parents[root]!;
    }
    return root;
  };
  const first = new Map<string, number>();
  records.forEach(({ tags }, index) => {
    for (const tag of tags) {
      const linked = first.get(tag);
      if (linked === undefined) first.set(tag, index);
      else parents[rootOf(index)] = rootOf(linked);
    }
  });
  const counts = new Map<number, number[]>();
  records.forEach(({ holder }, index) => {
    const root = rootOf(index);
    const count = counts.get(root) ?? [];
    count[holder] = (count[holder] ?? 0) + 1;
    counts.set(root, count);
  });
  // Holes of a sparse list are skipped.
  return [...counts.values()].reduce((sum, count) => sum + count.reduce((a, b) => Math.max(a, b), 0), 0);
}
