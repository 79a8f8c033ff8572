// A subject's wish for a new check, as the portal signed and sealed it to us. The coordinator that relayed it learns
// which query it is about, and nothing else.
import { openLetter, soleParty, unseal, type PartyId, type QueryId, type RefusalCode } from '@anonymesh/protocol';
import { recheck } from '@anonymesh/protocol-asking';
import type { Directory, Keyring, SignedAgreement } from '@anonymesh/trust';

export interface Receiver {
  readonly id: PartyId;
  readonly keyring: Keyring;
  readonly directory: Directory;
}

/** As long as the broker keeps anything, in milliseconds. */
const oldest = 15 * 86_400_000;

/** The id of the portal's letter, by which the same wish is known again. */
export function openWish(
  sealed: string,
  about: QueryId,
  signed: SignedAgreement,
  self: Receiver,
  now: number,
): { readonly wish: string } | RefusalCode {
  const portal = soleParty(signed.content, 'portal');
  const text = unseal(sealed, self.keyring.sealing, { message: 'recheck', query: about, from: portal, to: self.id });
  if (typeof text === 'string') return text;
  const opened = openLetter(text, {
    messages: [recheck],
    self: { id: self.id, kind: 'requester' },
    signer: (kid) => self.directory.signer(kid, now),
    now,
    maxAge: oldest,
  });
  if (typeof opened === 'string') return opened;
  if (opened.from.id !== portal || !signed.isParty(opened.from)) return 'key-not-pinned';
  return opened.queryId === about ? { wish: opened.id } : 'query-differs';
}
