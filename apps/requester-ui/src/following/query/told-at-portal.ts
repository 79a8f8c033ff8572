// What the applicant is told at the appeal portal, from when on, and where that is: as agreement and config say, so that
// page and letter promise nothing that the portal does not keep.
import { deadlinesOf, embargoOf, soleParty, type CheckAgreement } from '@anonymesh/protocol';
import type { Portals } from '../../portals.js';
import type { Query } from '../../store/queries.js';

export interface ToldAtPortal {
  /** Its operator's name. */
  readonly portal: string;
  /** Undefined where the config does not have it. */
  readonly address: string | undefined;
  /** Whether the portal also says why there was a concern. */
  readonly reasons: boolean;
  /** The end of an embargo that is not over, milliseconds since 1970. */
  readonly notBefore: number | undefined;
}

export function toldAtPortal(
  { asked_at }: Pick<Query, 'asked_at'>,
  agreement: CheckAgreement,
  portals: Portals,
  now: number,
): ToldAtPortal {
  const id = soleParty(agreement, 'portal');
  const until = embargoOf(deadlinesOf({ issuedAt: asked_at }, agreement).answers, agreement);
  return {
    portal: agreement.parties.find((party) => party.id === id)?.name ?? id,
    address: Object.hasOwn(portals, id) ? portals[id] : undefined,
    reasons: agreement.tellsSubject.reasons !== false,
    notBefore: until !== undefined && until > now ? until : undefined,
  };
}
