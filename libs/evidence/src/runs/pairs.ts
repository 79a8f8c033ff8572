// Which runs are joined: where one is not more than twice as long as the one after it. When all are, each is more than
// twice as long as the next, so that there is at most one for each power of two; but for those too large to join.
import type { Section, Span } from '../entries/sections.js';

type Run = Pick<Section, 'from' | 'to' | 'queries'>;

/** Queries of a run, at most: joining two of them takes this many lines through memory, in portions. */
const most = 2 ** 21;

export interface Pair<Of extends Run> {
  readonly span: Span;
  readonly queries: number;
  readonly one: Of;
  readonly other: Of;
}

/** Of runs in order, neighbours to join. What is small comes first: it does not wait for what is large. */
export function pairsToJoin<Of extends Run>(runs: readonly Of[]): Pair<Of>[] {
  const all = runs.flatMap((one, index) => {
    const other = runs[index + 1];
    if (other === undefined || one.to - one.from > 2 * (other.to - other.from)) return [];
    const queries = one.queries + other.queries;
    return queries > most ? [] : [{ span: { from: one.from, to: other.to }, queries, one, other }];
  });
  return all.sort((a, b) => a.queries - b.queries);
}
