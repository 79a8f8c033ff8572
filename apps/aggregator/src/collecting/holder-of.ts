// Whether somebody is a holder of an agreement, with the identity that it pins.
import type { Opened } from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';

export function isHolderOf(signed: SignedAgreement | undefined, who: Opened['from']): boolean {
  return signed !== undefined && signed.isParty(who) && signed.content.holders.some(({ id }) => id === who.id);
}
