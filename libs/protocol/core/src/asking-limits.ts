// How often may be asked under an agreement: what the coordinator counts of each query, and each holder too. All versions of
// an agreement are counted together, or a new one would begin anew.
import type { Agreement } from './agreement.js';
import type { AtMost } from './agreement/terms.js';
import type { PartyId } from './party.js';
import type { RefusalCode } from './refusal.js';

export interface AskingLimit {
  /** Under which queries are counted together. */
  readonly name: string;
  readonly most: number;
  /** Milliseconds. */
  readonly within: number;
  /** Of the query that is one too many. */
  readonly code: RefusalCode;
}

/** Of a requester, and of all of them: what can be counted by who knows no person. */
export function limitsOf({ id, limits }: Agreement, requester: PartyId): AskingLimit[] {
  return [
    ...limitTo(limits?.perRequester, { name: `requester ${id} ${requester}`, code: 'requester-limit' }),
    ...limitTo(limits?.perAgreement, { name: `agreement ${id}`, code: 'agreement-limit' }),
  ];
}

/** Empty where none was agreed. */
export function limitTo(agreed: AtMost | undefined, of: Pick<AskingLimit, 'name' | 'code'>): AskingLimit[] {
  return agreed === undefined ? [] : [{ ...of, most: agreed.most, within: agreed.withinSeconds * 1000 }];
}
