// Makes a question again of what the store kept: everything is verified anew, since keys and agreements may have changed.
import { dispatch, type PartyId, type QueryId } from '@anonymesh/protocol';
import { examine, type Holder } from '../inbound/examine.js';
import type { Question } from '../inbound/question.js';

/** What is kept of a dispatch until its query ends. */
export interface Dispatched {
  readonly query_id: QueryId;
  readonly coordinator: PartyId;
  readonly dispatched: string | null;
}

/** The question, or undefined where it may not be evaluated any more. */
export function reexamine(row: Dispatched, holder: Holder): Question | undefined {
  const coordinator = holder.trust.directory.parties.get(row.coordinator);
  if (row.dispatched === null || coordinator === undefined) return undefined;
  const body = dispatch.body.parse(JSON.parse(row.dispatched));
  const from = { id: coordinator.id, kind: coordinator.kind, identity: coordinator.fingerprint };
  const examined = examine({ body, queryId: row.query_id }, from, holder, Date.now());
  return 'template' in examined ? examined : undefined;
}
