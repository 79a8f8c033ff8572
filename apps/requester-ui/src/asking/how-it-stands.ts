// How an agreement stands, for a caseworker: whether one may ask under it now, and in words why not. It is of the agreement
// alone, and says nothing of any query.
import type { StoreNode } from '@anonymesh/courier';
import { standingInWords } from '@anonymesh/standing';
import { isEnded, type SignedAgreement, type Standing } from '@anonymesh/trust';

export interface HowItStands {
  readonly standing: Standing['standing'];
  /** Names parties: for whoever asks about the agreement. */
  readonly inWords: string;
  /** Names nobody: for the page of a query, where no holder is told from another. */
  readonly why: string;
  readonly isInForce: boolean;
  /** For ever. */
  readonly hasEnded: boolean;
}

export async function howItStands(
  { standing, courier }: Pick<StoreNode, 'standing'> & { readonly courier: Pick<StoreNode['courier'], 'store'> },
  { hash, content }: Pick<SignedAgreement, 'hash' | 'content'>,
): Promise<HowItStands> {
  const now = Date.now();
  const found = await standing.standings(courier.store.knex, [hash], now);
  const stands = found.get(hash) ?? { standing: 'unknown' };
  return {
    standing: stands.standing,
    inWords: standingInWords(stands, content, now),
    why: reasons[stands.standing],
    isInForce: stands.standing === 'in-force',
    hasEnded: isEnded(stands),
  };
}

const reasons: Readonly<Record<Standing['standing'], string>> = {
  'in-force': 'it is in force',
  waiting: 'not every party has said lately that it is in force',
  unsigned: 'not every party has signed it',
  withdrawn: 'it has been withdrawn',
  superseded: 'a newer version has replaced it',
  'in-conflict': 'its parties have signed two different documents of this version',
  'not-valid-today': 'today is not in its validity',
  unknown: 'this node does not know it',
};
