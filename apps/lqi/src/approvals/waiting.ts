// What a person who approves sees: the holder's own record, who gets it, for which purpose, and until when it can be
// decided. That it is listed says that other holders have the same person: who looks at this list learns that.
import { queryId } from '@anonymesh/protocol';
import type { Holder } from '../inbound/examine.js';
import { reexamine } from '../questions/reexamine.js';
import type { Self } from '@anonymesh/courier';
import type { WaitingApproval } from '../store/approvals.js';
import { openOwn } from '../matching/own-seal.js';
import { z } from 'zod';
import { decideBy } from './people-needed.js';
import { waitingQueryView } from './waiting-query.js';

export const approvalView = z.strictObject({
  id: z.string(),
  query: queryId,
  requester: z.string(),
  requesterName: z.string(),
  agreement: z.string(),
  title: z.string(),
  purpose: z.string(),
  /** ISO 8601. What is not decided by then is not released. */
  due: z.iso.datetime(),
  record: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type ApprovalView = z.infer<typeof approvalView>;

export const approvalList = z.strictObject({
  /** Own records that matched. */
  approvals: z.array(approvalView),
  /** Queries that nobody has evaluated yet. */
  queries: z.array(waitingQueryView),
});
export type ApprovalList = z.infer<typeof approvalList>;

/** A decision; a refusal says why. */
export const decision = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('approve') }),
  z.strictObject({ decision: z.literal('refuse'), reason: z.string().trim().min(1).max(1000) }),
]);
export type Decision = z.infer<typeof decision>;

/** Those that can be shown; one whose query cannot be verified any more is left out. */
export function viewsOf(rows: readonly WaitingApproval[], self: Self, holder: Holder): ApprovalView[] {
  const questions = new Map(
    [...new Map(rows.map((row) => [row.query_id, row]))].map(([id, row]) => [id, reexamine(row, holder)]),
  );
  return rows.flatMap((row) => {
    const question = questions.get(row.query_id);
    if (question?.kind !== 'set' || row.record === null) return [];
    const { agreement, verified } = question;
    const { requester } = verified.manifest;
    const record = openOwn(self, row.query_id, 'record', row.record);
    return {
      id: row.id,
      query: row.query_id,
      requester,
      requesterName: agreement.parties.find((party) => party.id === requester)?.name ?? requester,
      agreement: agreement.id,
      title: agreement.title,
      purpose: agreement.purpose,
      due: new Date(decideBy(question)).toISOString(),
      record: approvalView.shape.record.parse(JSON.parse(record.toString())),
    };
  });
}
