// Whether entries stand where they say that they stand: each says its own number, so that what is missing, moved or
// inserted is known by it.
import type { Finding } from './finding.js';

export interface Order {
  /** The number that the next entry should have. */
  next(): number;
  isNext(n: number): boolean;
  take(n: number): void;
  /** Whether every entry so far stands in its place: only then can roots be compared. */
  isWhole(): boolean;
  /** There must be so many entries at least: a checkpoint says so. */
  end(size: number): void;
}

export function openOrder(find: (finding: Finding) => void): Order {
  /** Numbers that were skipped, as ranges. */
  let gaps: { readonly from: number; readonly to: number }[] = [];
  let next = 0;
  let whole = true;

  const fill = (n: number): boolean => {
    const gap = gaps.find(({ from, to }) => from <= n && n < to);
    if (gap === undefined) return false;
    const rests = [
      { from: gap.from, to: n },
      { from: n + 1, to: gap.to },
    ];
    gaps = [...gaps.filter((each) => each !== gap), ...rests.filter(({ from, to }) => from < to)];
    return true;
  };

  return {
    next: () => next,
    isNext: (n) => n === next,
    take: (n) => {
      if (n === next) next += 1;
      else if (n > next) {
        gaps.push({ from: next, to: n });
        next = n + 1;
        whole = false;
      } else {
        whole = false;
        find({ kind: fill(n) ? 'moved' : 'inserted', n, after: next - 1 });
      }
    },
    isWhole: () => whole,
    end: (size) => {
      if (size > next) gaps.push({ from: next, to: size });
      for (const gap of gaps.sort((a, b) => a.from - b.from)) find({ kind: 'missing', ...gap });
    },
  };
}
