// This holder's agreements, each with how it stands by what its parties have said: whom it waits for, who withdrew it.
import type { Knowing } from '@anonymesh/courier';
import { standingInWords } from '@anonymesh/standing';
import type { Standing } from '@anonymesh/trust';
import type { Holder } from '../inbound/examine.js';
import { byTitle, ownAgreements, type AgreementFault, type OwnAgreement } from './own-agreements.js';

export interface StandingAgreement extends OwnAgreement {
  readonly inWords: string;
}

/** Rejects where the store does not answer, in which the parties' word is kept. */
export async function standingAgreements(
  { node, holder }: { readonly node: Knowing; readonly holder: Holder },
  now: number,
): Promise<StandingAgreement[]> {
  const own = ownAgreements(holder, now);
  const hashes = own.map(({ signed }) => signed.hash);
  const standings = await node.standing.standings(node.courier.store.knex, hashes, now);
  return byTitle(
    own.map((each) => {
      const standing = standings.get(each.signed.hash) ?? { standing: 'unknown' };
      const fault = faultOf(standing);
      const faults = fault === undefined ? each.faults : [...each.faults, fault];
      return { ...each, faults, inWords: standingInWords(standing, each.signed.content, now) };
    }),
  );
}

/** Beside those that signatures and days tell. */
function faultOf({ standing }: Standing): AgreementFault | undefined {
  return standing === 'waiting' || standing === 'withdrawn' || standing === 'superseded' || standing === 'in-conflict'
    ? standing
    : undefined;
}
