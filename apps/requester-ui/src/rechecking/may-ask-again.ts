// Whether a subject's wish leads to a new asking under the same reference, and under which number. One at a time, and
// only after the newest that the mesh has: a letter that is relayed again names an older one and leads to nothing.
import type { QueryId, RefusalCode } from '@anonymesh/protocol';
import { openStates, type Query } from '../store/queries.js';

export type Asking = Pick<Query, 'id' | 't' | 'state' | 'admitted' | 'wish' | 'deadline'>;

/**
 * `chain`: every asking under the reference. The portal counts up until it finds none, so that no number may be left
 * out: an asking that the mesh never had gives its number to the next.
 */
export function mayAskAgain(
  chain: readonly Asking[],
  about: QueryId,
  wish: string,
  now: number,
): { readonly t: number } | RefusalCode {
  const named = chain.find(({ id }) => id === about);
  if (named === undefined) return 'not-found';
  if (chain.some((each) => each.wish === wish)) return 'replayed';
  if (chain.some(({ state, deadline }) => openStates.includes(state) && deadline > now)) return 'not-decided';
  if (chain.some(({ t, admitted }) => t > named.t && admitted)) return 'query-differs';
  return { t: named.t + 1 };
}
