// A parcel: a signed letter, sealed to one party, as the broker carries it. All that goes over the wire is made here and
// opened here.
import {
  openLetter,
  seal,
  signLetter,
  subjectOf,
  unseal,
  type Expectation,
  type Letter,
  type Message,
  type Opened,
  type PartyId,
  type PartyKind,
  type RefusalCode,
} from '@anonymesh/protocol';
import type { Directory, Keyring } from '@anonymesh/trust';

/** Who this node is, and the keys by which it proves it and knows others. */
export interface Self {
  readonly id: PartyId;
  readonly kind: PartyKind;
  readonly keyring: Keyring;
  readonly directory: Directory;
}

export interface Parcel {
  /** The letter's id: the broker drops a second parcel with the same. */
  readonly id: string;
  readonly subject: string;
  readonly sealed: Buffer;
}

/** No parcel is larger, in bytes. */
export const largestParcel = 512 * 1024;

export interface Addressed<Body> extends Omit<Letter<Body>, 'from' | 'to'> {
  readonly to: PartyId;
}

/** Signs and seals. Throws where the receiver has no valid sealing key: nothing can be said to it. */
export function writeParcel<Body>(self: Self, message: Message<Body>, letter: Addressed<Body>, on?: string): Parcel {
  const receiver = self.directory.parties.get(letter.to);
  const key = self.directory.sealingKey(letter.to, Date.now());
  if (receiver === undefined || key === undefined) throw new Error(`no valid sealing key of ${letter.to}`);
  const subject = on ?? subjectOf(message, receiver);
  const { id, text } = signLetter(message, { ...letter, from: self.id }, self.keyring.signing);
  return { id, subject, sealed: Buffer.from(seal(text, key, { to: letter.to, on: subject })) };
}

/** The letter, or why it is refused. `on` is the subject on which it came, `messages` what may come there. */
export function openParcel(
  self: Self,
  sealed: Uint8Array,
  on: string,
  expected: Pick<Expectation, 'messages' | 'maxAge' | 'answers'>,
): Opened | RefusalCode {
  if (sealed.length > largestParcel) return 'too-large';
  const text = unseal(Buffer.from(sealed).toString('latin1'), self.keyring.sealing, { to: self.id, on });
  if (typeof text === 'string') return text;
  const now = Date.now();
  return openLetter(text, { ...expected, self, signer: (kid) => self.directory.signer(kid, now), now });
}
