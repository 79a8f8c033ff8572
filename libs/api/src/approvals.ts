// What waits for a person at a holder, and the decision. A caller takes no notice of what a newer node says beside this.
import { queryId } from '@anonymesh/protocol';
import { z } from 'zod';

export const approvalView = z.object({
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

export const waitingQueryView = z.object({
  query: queryId,
  kind: z.enum(['check', 'set']),
  requester: z.string(),
  requesterName: z.string(),
  role: z.string(),
  askedAt: z.iso.datetime(),
  agreement: z.string(),
  agreementVersion: z.int(),
  title: z.string(),
  purpose: z.string(),
  legalBasis: z.string(),
  /** The labels of the fields that this holder is sent. */
  fields: z.array(z.string()),
  template: z.object({ hash: z.string(), id: z.string(), version: z.int(), title: z.string() }),
  /** How many people must still approve it. */
  needs: z.int(),
  /** ISO 8601. What is not approved by then is refused. */
  due: z.iso.datetime(),
});
export type WaitingQueryView = z.infer<typeof waitingQueryView>;

export const approvalList = z.object({
  /** Own records that matched. */
  approvals: z.array(approvalView),
  /** Queries that nobody has evaluated yet. */
  queries: z.array(waitingQueryView),
});
export type ApprovalList = z.infer<typeof approvalList>;

/** A decision; a refusal says why. Strict, since a person's word must not be half understood. */
export const decision = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('approve') }),
  z.strictObject({ decision: z.literal('refuse'), reason: z.string().trim().min(1).max(1000) }),
]);
export type Decision = z.infer<typeof decision>;
