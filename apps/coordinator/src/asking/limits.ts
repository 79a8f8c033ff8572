// How often a requester may ask under an agreement, and all requesters together: what the coordinator counts, which knows
// no person. All versions of an agreement are counted together, or a new one would begin anew.
import { gather } from '@anonymesh/courier';
import type { Agreement, RefusalCode } from '@anonymesh/protocol';
import { countUses, type Counted, type Counter, type Use } from '@anonymesh/store';
import type { Query } from '../store/queries.js';

/** `now`: when it is admitted, milliseconds since 1970. */
export function limitsOf(
  { id, requester, kept_until: keptUntil }: Pick<Query, 'id' | 'requester' | 'kept_until'>,
  { id: agreement, limits }: Agreement,
  now: number,
): Use {
  const counters: Counter[] = [];
  const { perRequester, perAgreement } = limits ?? {};
  if (perRequester !== undefined)
    counters.push({
      name: `requester ${agreement} ${requester}`,
      most: perRequester.most,
      within: perRequester.withinSeconds * 1000,
    });
  if (perAgreement !== undefined)
    counters.push({
      name: `agreement ${agreement}`,
      most: perAgreement.most,
      within: perAgreement.withinSeconds * 1000,
    });
  return { id, at: now, keptUntil, counters };
}

/** In the transaction of what is admitted: both happen, or neither. */
export const countAsked = gather(countUses);

/** What the requester can do about it is to wait, or to agree on more: with all parties, or for itself. */
export function overCode({ over }: Extract<Counted, object>): RefusalCode {
  return over.name.startsWith('requester ') ? 'requester-limit' : 'agreement-limit';
}
