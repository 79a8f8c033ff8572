// The aggregator's part of a set query: it finds which records match by tags that mean nothing to it, and learns how many
// there are, how large the partial overlaps are, and which keys belong to one record; of a person it learns nothing.
import type { TokenShape } from '../holder/shape.js';
import { findMatches, type MatchLimits } from './find-matches.js';
import { gather, type ReleasedRecord } from './released.js';
import { openSpool, type TokenLetter } from './spool.js';

export interface Combiner {
  /** On disk when it resolves; the same letter may come again. false: not of this query's shape, nothing was kept. */
  add(letter: TokenLetter): Promise<boolean>;
  /**
   * `records`: of each holder, as its letters said. It works from the files alone, so it may be begun again after a crash.
   * `incomplete`: a token is missing; `too-many`, `too-few`: beyond the agreed matches, nothing may be released. Rejects, as
   * does what it releases, soon after the signal is given.
   */
  combine(
    records: Readonly<Record<string, number>>,
    limits: MatchLimits,
    signal?: AbortSignal,
  ): Promise<Combined | Uncombined>;
}

export type Uncombined = 'incomplete' | 'too-many' | 'too-few';

export interface Combined {
  /** The size of the intersection. */
  readonly people: number;
  /** Released records of each holder: how many. */
  readonly counts: Readonly<Record<string, number>>;
  /** All of them, or one holder's, each once; by holder, then by position. Read from disk as they are taken. */
  released(holder?: string): AsyncGenerator<ReleasedRecord, void>;
}

/** `folder`: of this query alone; to remove it is the caller's task. */
export async function openCombiner({ folder, shape }: { folder: string; shape: TokenShape }): Promise<Combiner> {
  const spool = await openSpool(folder, shape);
  return {
    add: (letter) => spool.write(letter),
    async combine(records, limits, signal) {
      const matches = await findMatches(spool, records, limits, { signal });
      return typeof matches === 'string' ? matches : gather(spool, matches, limits, signal);
    },
  };
}
