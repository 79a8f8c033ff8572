// The one way in which anything leaves for a requester: signed, sealed to it, relayed by a coordinator that cannot read it.
import { seal, signLetter, type Message, type SignedLetter } from '@anonymesh/protocol';
import type { StoreNode } from '@anonymesh/courier';
import type { SignedAgreement } from '@anonymesh/trust';
import type { Query } from '../store/queries.js';

export function signFor<Body>(
  { courier }: StoreNode,
  query: Query,
  message: Message<Body>,
  body: Body,
): Promise<SignedLetter> {
  const { self } = courier;
  return signLetter(message, { from: self.id, to: query.requester, queryId: query.id, body }, self.keyring.signing);
}

/** What the coordinator relays; undefined where the requester's identity is no longer the one that the agreement pins. */
export function sealFor(
  { courier }: StoreNode,
  { requester, nonce }: Query,
  signed: SignedAgreement,
  message: Message,
  letter: SignedLetter,
): { readonly sealed: string } | undefined {
  const { self } = courier;
  // Asked at the moment of release: an identity that is no longer the pinned one gets nothing.
  const key = signed.sealingKeyOf(requester, Date.now());
  if (key === undefined) return undefined;
  const context = { message: message.name, nonce, agreement: signed.hash, from: self.id, to: requester };
  return { sealed: seal(letter.text, key, context) };
}
