// The ring of two holders without letters: a list is blinded by its owner, multiplied by the other holder and finished by
// its owner, with the checks of honest hops, which are part of what a query takes.
import type { QueryId } from '@anonymesh/protocol';
import { blindChunk, finishChunk, hopsAreHonest, type Pool, type ReturnedCheck } from '@anonymesh/psi';
import type { HolderAlone } from './two-holders.js';

export interface RingAlone {
  /** T of each input. The first call must be over before there is another. */
  pass(uniform: Uint8Array): Promise<Uint8Array>;
  /** Whether all that was passed came back as it must. */
  isHonest(): Promise<boolean>;
}

interface Parts {
  readonly query: QueryId;
  readonly pool: Pool;
}

export function openRing({ query, pool }: Parts, owner: HolderAlone, other: HolderAlone): RingAlone {
  const list = { pool, queryId: query, seed: owner.seed, ...owner.scalars };
  const checks: ReturnedCheck[] = [];
  let anchor: Uint8Array | undefined;
  let chunks = 0;
  return {
    pass: async (uniform) => {
      const chunk = chunks++;
      const { points: blinded, sum } = await blindChunk(list, chunk, uniform, anchor);
      anchor ??= sum;
      const { points, check } = await finishChunk(list, chunk, await pool.multiply(blinded, other.scalars.key));
      checks[chunk] = check;
      return points;
    },
    isHonest: () => hopsAreHonest(list, each(checks)),
  };
}

async function* each(checks: readonly ReturnedCheck[]): AsyncIterable<ReturnedCheck> {
  yield* checks;
}
