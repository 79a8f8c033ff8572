// What a person who approves sees: the holder's own record, who gets it, for which purpose, and until when it can be
// decided. That it is listed says that other holders have the same person: who looks at this list learns that.
import { approvalView, type ApprovalView } from '@anonymesh/api';
import type { Holder } from '../inbound/examine.js';
import { reexamine } from '../questions/reexamine.js';
import type { Self } from '@anonymesh/courier';
import type { WaitingApproval } from '../store/approvals.js';
import { openOwn } from '../matching/own-seal.js';
import { decideBy } from './people-needed.js';

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
