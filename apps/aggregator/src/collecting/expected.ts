// A query that answers are expected to, from the manifest and the agreement: the coordinator's word is not in it.
import { deadlinesOf, type Asked, type QueryId } from '@anonymesh/protocol';
import type { Query } from '../store/queries.js';

/** `now`: milliseconds since 1970. */
export function expected(id: QueryId, { kind, manifest, agreement }: Asked, now: number): Query {
  const { answers, erasure } = deadlinesOf(manifest, agreement);
  return {
    id,
    kind,
    agreement: manifest.agreement,
    nonce: manifest.nonce,
    requester: manifest.requester,
    expected_at: now,
    due: answers,
    kept_until: erasure,
    state: 'open',
    heard: 0,
    outcome: null,
    receipted: false,
  };
}
