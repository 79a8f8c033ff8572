// How an agreement stands, for a caseworker: whether one may ask under it now, and in words why not. It is of the agreement
// alone, and says nothing of any query.
import type { StoreNode } from '@anonymesh/courier';
import { standingInWords } from '@anonymesh/standing';
import { isEnded, type SignedAgreement, type Standing } from '@anonymesh/trust';

export interface HowItStands {
  readonly standing: Standing['standing'];
  readonly inWords: string;
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
    isInForce: stands.standing === 'in-force',
    hasEnded: isEnded(stands),
  };
}
