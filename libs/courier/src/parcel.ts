// A parcel: a signed letter, sealed to one party, as the broker carries it. All that goes over the wire is made here and
// opened here.
import {
  openLetter,
  seal,
  signLetter,
  subjectOf,
  unseal,
  wasRevoked,
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

/** A parcel whose sender still has the words in it, as it signed them. */
export interface WrittenParcel extends Parcel {
  readonly jws: string;
}

/**
 * No sealed letter is larger, in bytes, and no letter together with what it attaches. The answers of 64 holders fit with
 * their explanations, and the parts of a query (tests/boundary/largest-letters.spec.ts).
 */
export const largestParcel = 640 * 1024;
export const largestWithAttachment = 1_000_000;

export interface Addressed<Body> extends Omit<Letter<Body>, 'from' | 'to'> {
  readonly to: PartyId;
}

/** Whether that party can be written to: it has a valid sealing key, and is of a kind to which this message goes from ours. */
export function canReceive({ kind, directory }: Self, message: Message, id: PartyId): boolean {
  const receiver = directory.parties.get(id);
  const goes = message.hops.some(({ from, to }) => from === kind && to === receiver?.kind);
  return goes && directory.sealingKey(id, Date.now()) !== undefined;
}

/** Between the sealed letter and its attachment: no JWE has it. */
const newline = 0x0a;

/** Signs and seals. Rejects where the receiver has no valid sealing key, or would refuse it for its size. */
export async function writeParcel<Body>(
  self: Self,
  message: Message<Body>,
  letter: Addressed<Body>,
  on?: string,
): Promise<WrittenParcel> {
  const receiver = self.directory.parties.get(letter.to);
  const key = self.directory.sealingKey(letter.to, Date.now());
  if (receiver === undefined || key === undefined) throw new Error(`no valid sealing key of ${letter.to}`);
  const subject = on ?? subjectOf(message, receiver);
  const signed = await signLetter(message, { ...letter, from: self.id }, self.keyring.signing);
  const { id, jws: words, text, attached } = signed;
  const jwe = Buffer.from(seal(text, key, { to: letter.to, on: subject }), 'ascii');
  const sealed = attached === undefined ? jwe : Buffer.concat([jwe, Buffer.of(newline), attached]);
  if (jwe.length > largestParcel || sealed.length > largestWithAttachment)
    throw new RangeError(`${message.name}: a parcel of ${sealed.length} bytes`);
  return { id, subject, sealed, jws: words };
}

/** The letter, or why it is refused. `on` is the subject on which it came, `messages` what may come there. */
export function openParcel(
  self: Self,
  sealed: Uint8Array,
  on: string,
  expected: Pick<Expectation, 'messages' | 'maxAge' | 'answers'>,
): Opened | RefusalCode {
  const attaches = expected.messages.some((message) => message.attaches !== undefined);
  if (sealed.length > (attaches ? largestWithAttachment : largestParcel)) return 'too-large';
  const end = sealed.indexOf(newline);
  const jwe = end === -1 ? sealed : sealed.subarray(0, end);
  if (jwe.length > largestParcel) return 'too-large';
  let sealedTo = '';
  const own = (kid: string) => self.keyring.sealing((sealedTo = kid));
  const text = unseal(textOf(jwe), own, { to: self.id, on });
  if (typeof text === 'string') return text;
  const now = Date.now();
  const signer = (kid: string) => self.directory.signer(kid, now);
  const beside = end === -1 ? undefined : sealed.subarray(end + 1);
  const opened = openLetter(text, { ...expected, self, signer, now }, beside);
  if (typeof opened === 'string') return opened;
  // Whoever stole the key reads it as well: its sender, whose own time it is, should have known.
  return wasRevoked({ revokedAt: self.directory.revokedAt(sealedTo) }, opened.issuedAt) ? 'key-revoked' : opened;
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}
