// A person decides whether a query may be evaluated here. One no is enough, and is told as any refusal; yeses are counted,
// one of each person.
import type { Work } from '@anonymesh/courier';
import { canonicalBytes, type QueryId } from '@anonymesh/protocol';
import { loggable } from '@anonymesh/runtime';
import type { Lqi } from '../lqi.js';
import { reexamine } from '../questions/reexamine.js';
import { countApproval, insertDecision, lockWaiting, type QueryDecision } from '../store/query-approvals.js';

/** Milliseconds after which another copy of this holder, or this one after a crash, takes an approved query up. */
const patience = 10_000;

/** `nothing`: it does not wait. `twice`: this person has spoken. */
export async function decideQuery(
  { node, holder, questions, sets }: Lqi,
  work: Work,
  said: QueryDecision,
): Promise<'decided' | 'nothing' | 'twice'> {
  const { transaction } = work;
  const { query_id: queryId, decided_at: now } = said;
  const row = await lockWaiting(transaction, queryId, now);
  const question = row && reexamine(row, holder);
  if (row === undefined || question === undefined) return 'nothing';
  if (!(await insertDecision(transaction, said))) return 'twice';
  // Which way it went, and who decided it, only who has the salt can tell.
  work.enter({ did: 'decided', what: 'approval', query: queryId, words: canonicalBytes(said) });
  node.log.info('query.judged', { query: loggable.queryId(queryId) });
  const isCheck = question.kind === 'check';
  if (said.decision === 'refuse') {
    if (isCheck) await questions.refuse(work, question, 'not-approved');
    else await sets.refuse(work, asSet(queryId, question.signed.hash), 'not-approved');
    return 'decided';
  }
  const left = await countApproval(transaction, row, isCheck ? now + patience : now);
  if (left === 0) work.afterwards(() => (isCheck ? questions.take(question) : sets.wake(queryId)));
  return 'decided';
}

function asSet(queryId: QueryId, agreement: string) {
  return { query_id: queryId, agreement };
}
