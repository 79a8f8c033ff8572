// Whether people at holders decide on queries under an agreement, and how long they have for it: what its sentences say, and
// the lint remarks on.
import { deadlinesOf, decisionsBy, type Agreement } from '@anonymesh/protocol';

export function decidedByPeople(content: Agreement): boolean {
  const ofRecords = content.kind === 'set' && content.release === 'on-approval';
  return ofRecords || content.holders.some(({ approval }) => approval !== 'none');
}

/** Whole seconds from the moment of asking, of which those that a query takes to come are not left. */
export function secondsToDecide(content: Agreement): number {
  const asked = { issuedAt: 0 };
  return Math.floor(decisionsBy(asked, deadlinesOf(asked, content).answers) / 1000);
}
