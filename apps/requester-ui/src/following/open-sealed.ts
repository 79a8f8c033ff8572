// What a party of the agreement sealed to us and the coordinator relayed: verified as that party's, by the key that the
// agreement pins. The coordinator's word counts for nothing here, and neither does the directory's without the pin.
import {
  longestKept,
  openLetter,
  unseal,
  type Message,
  type Opened,
  type PartyId,
  type RefusalCode,
  type SealContext,
} from '@anonymesh/protocol';
import type { Directory, Keyring, SignedAgreement } from '@anonymesh/trust';

export interface Receiver {
  readonly id: PartyId;
  readonly keyring: Keyring;
  readonly directory: Directory;
}

/** What was sealed, and how: `context` without the two parties. */
export interface Expected<Body> {
  readonly message: Message<Body>;
  readonly from: PartyId;
  readonly context: SealContext;
}

/** The letter, or why it is refused. */
export function openSealed<Body>(
  sealed: string,
  { message, from, context }: Expected<Body>,
  signed: SignedAgreement,
  self: Receiver,
  now: number,
): Opened<Body> | RefusalCode {
  const text = unseal(sealed, self.keyring.sealing, { ...context, message: message.name, from, to: self.id });
  if (typeof text === 'string') return text;
  const opened = openLetter(text, {
    messages: [message],
    self: { id: self.id, kind: 'requester' },
    signer: (kid) => self.directory.signer(kid, now),
    now,
    maxAge: longestKept,
  });
  if (typeof opened === 'string') return opened;
  return opened.from.id === from && signed.isParty(opened.from) ? (opened as Opened<Body>) : 'key-not-pinned';
}
