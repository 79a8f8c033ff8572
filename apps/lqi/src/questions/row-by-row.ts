// Goes through rows of open queries, one after another. One that fails is set aside for a while, longer each time, and
// holds up no other.
import type { QueryId } from '@anonymesh/protocol';
import { openBackOff, type Delays } from '@anonymesh/runtime';

export interface RowByRow {
  /** Those that are set aside. Undefined where they are so many that the fault is not theirs: then all wait. */
  aside(): readonly QueryId[] | undefined;
  /** Resolves when each was tried that is not set aside, whether it went well or not. */
  each<Row extends { readonly query_id: QueryId }>(
    rows: readonly Row[],
    effect: (row: Row) => Promise<void>,
  ): Promise<void>;
}

const delays: Delays = { first: 1000, most: 60_000 };
const mostAside = 500;

export function openRowByRow(failed: (error: unknown, queryId: QueryId) => void): RowByRow {
  const aside = openBackOff(delays);
  return {
    aside: () => {
      const waiting = aside.waiting();
      return waiting.length < mostAside ? waiting : undefined;
    },
    each: async (rows, effect) => {
      const waiting = new Set(aside.waiting());
      for (const row of rows) {
        const { query_id: queryId } = row;
        if (waiting.has(queryId)) continue;
        try {
          await effect(row);
          aside.drop(queryId);
        } catch (error) {
          aside.add(queryId);
          failed(error, queryId);
        }
      }
    },
  };
}
