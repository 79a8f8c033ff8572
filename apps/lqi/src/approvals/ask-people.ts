// Which of our own records matched, where people decide what is released: the aggregator's word is not enough, each match
// must be proven by gates that only other holders of the same person could give. What is proven waits for a person.
import { base64url } from '@anonymesh/protocol';
import { loggable } from '@anonymesh/runtime';
import { checkMatched, tokenShape, unpackProofs, type MatchedProof } from '@anonymesh/psi';
import { randomBytes } from 'node:crypto';
import type { ReadCourse } from '../matching/course.js';
import { transact } from '../matching/course.js';
import { sealToSelf } from '../matching/own-seal.js';
import { lettersHold } from '../matching/telling/tell.js';
import { openTold, type Told } from '../matching/telling/told.js';
import { insertApprovals, type Approval } from '../store/approvals.js';

/** Puts what matched before people, once. */
export async function askPeople(course: ReadCourse, matched: Buffer): Promise<void> {
  const { question, records, node } = course;
  const { queryId, agreement } = question;
  const shape = tokenShape(agreement);
  const proofs = unpackProofs(shape, records, matched);
  if (proofs === undefined) return course.refuse('malformed');
  const told = await openTold(course, lettersHold(shape.bytes));
  const proven = await provenBy(course, proofs, told).finally(() => told.close());
  const fields = { query: loggable.queryId(queryId), records: proven.length, unproven: proofs.length - proven.length };
  node.log.info('set.matched', fields);
  await transact(course, async ({ transaction }, row) => {
    if (row.matched === null) return;
    await transaction('set_queries').where({ query_id: queryId }).update({ matched: null });
    await insertApprovals(transaction, proven);
  });
}

async function provenBy(course: ReadCourse, proofs: readonly MatchedProof[], told: Told): Promise<Approval[]> {
  const { question, pairSecrets, holder, node, query } = course;
  const { queryId, agreement } = question;
  const words = { query: queryId, shape: tokenShape(agreement), holder: holder.id, pairSecrets };
  const proven: Approval[] = [];
  for (const proof of proofs) {
    const { points, isDummy, record } = await told.read(proof.record);
    if (isDummy || !checkMatched({ ...words, points }, proof)) continue;
    proven.push({
      id: base64url(randomBytes(16)),
      query_id: queryId,
      record: sealToSelf(node.courier.self, query.own_key, queryId, 'record', record),
      decision: null,
      reason: null,
      decided_by: null,
      decided_at: null,
    });
  }
  return proven;
}
