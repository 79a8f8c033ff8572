// A query as the coordinator keeps it: all of it follows from the manifest and the agreement.
import { deadlinesOf, type Asked, type QueryId } from '@anonymesh/protocol';
import type { Query } from '../store/queries.js';

/** Open, without a slip. `signed`: the manifest as its requester signed it. */
export function queryOf(id: QueryId, signed: string, asked: Asked): Query {
  const { manifest, agreement } = asked;
  const { outcome, erasure } = deadlinesOf(manifest, agreement);
  return {
    id,
    manifest: signed,
    slip: null,
    lookup_id: asked.kind === 'check' ? asked.manifest.lookupId : null,
    requester: manifest.requester,
    agreement: manifest.agreement,
    state: 'open',
    deadline: outcome,
    kept_until: erasure,
  };
}
