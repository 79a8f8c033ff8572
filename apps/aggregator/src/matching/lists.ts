// How large what goes beside `matched` and `release` is: one size for a whole agreement, so that it tells nothing. No
// agreement is signed whose lists do not fit beside a letter.
import type { SetAgreement } from '@anonymesh/protocol';
import { proofBytes, tokenShape } from '@anonymesh/psi';

/** Bytes beside a `matched` where the agreement has no lists. */
const noList = 16;
const saltBytes = 16;
const sealBytes = 16;

/** Bytes beside every `matched` of a query: as many proofs as records may match. */
export function matchedBytes(agreement: SetAgreement): number {
  if (agreement.release !== 'on-approval') return noList;
  return agreement.limits.matches.most * proofBytes(tokenShape(agreement));
}

/** Bytes of one released record: salt, and the record sealed. */
export function releasedBytes({ record }: Pick<SetAgreement, 'record'>): number {
  return saltBytes + record.bytes + sealBytes;
}

/** Bytes beside every `release` of a query. */
export function releaseBytes(agreement: SetAgreement): number {
  return agreement.limits.matches.most * releasedBytes(agreement);
}
