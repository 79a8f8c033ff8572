// A person's decision on the release of one record: written down once, with who decided, and the query goes on.
import { canonicalBytes } from '@anonymesh/protocol';
import { loggable } from '@anonymesh/runtime';
import type { Lqi } from '../lqi.js';
import { decideApproval } from '../store/approvals.js';
import type { Decision } from '@anonymesh/api';

/** `by`: the identity provider's id of the person. Resolves to whether it was still to be decided. */
export async function decide({ node, sets }: Lqi, id: string, given: Decision, by: string): Promise<boolean> {
  const reason = given.decision === 'refuse' ? given.reason : null;
  const decided = { decision: given.decision, reason, decided_by: by, decided_at: Date.now() };
  const queryId = await node.courier.transact(async (work) => {
    const query = await decideApproval(work.transaction, id, decided);
    // Which way it went, only who has the salt can tell.
    if (query !== undefined)
      work.enter({ did: 'decided', what: 'approval', query, words: canonicalBytes({ id, ...decided }) });
    return query;
  });
  if (queryId === undefined) return false;
  node.log.info('approval.decided', { query: loggable.queryId(queryId) });
  sets.wake(queryId);
  return true;
}
