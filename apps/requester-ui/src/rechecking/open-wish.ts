// A subject's wish for a new check, as the portal signed and sealed it to us. The coordinator that relayed it learns
// which query it is about, and nothing else.
import { soleParty, type QueryId, type RefusalCode } from '@anonymesh/protocol';
import { recheck } from '@anonymesh/protocol-asking';
import type { SignedAgreement } from '@anonymesh/trust';
import { openSealed, type Receiver } from '../following/open-sealed.js';

/** The id of the portal's letter, by which the same wish is known again. */
export function openWish(
  sealed: string,
  about: QueryId,
  signed: SignedAgreement,
  self: Receiver,
  now: number,
): { readonly wish: string } | RefusalCode {
  const expected = { message: recheck, from: soleParty(signed.content, 'portal'), context: { query: about } };
  const letter = openSealed(sealed, expected, signed, self, now);
  if (typeof letter === 'string') return letter;
  return letter.queryId === about ? { wish: letter.id } : 'query-differs';
}
