// What the aggregator sealed to us and the coordinator relayed: verified as the aggregator's that the query's agreement
// pins. The coordinator's word counts for nothing here, and neither does the directory's without the pin.
import {
  openLetter,
  soleParty,
  unseal,
  type Message,
  type Opened,
  type PartyId,
  type QueryId,
  type RefusalCode,
} from '@anonymesh/protocol';
import type { Directory, Keyring, SignedAgreement } from '@anonymesh/trust';

export interface Receiver {
  readonly id: PartyId;
  readonly keyring: Keyring;
  readonly directory: Directory;
}

export interface About {
  readonly id: QueryId;
  readonly nonce: string;
}

/** As long as the broker keeps anything, in milliseconds. */
const oldest = 15 * 86_400_000;

/** The letter, or why it is refused. `message` is one of the outcome's vocabulary, whose body names the agreement. */
export function openRelayed<Body extends { readonly agreement: string }>(
  sealed: string,
  message: Message<Body>,
  { id, nonce }: About,
  signed: SignedAgreement,
  self: Receiver,
  now: number,
): Opened<Body> | RefusalCode {
  const { hash, content } = signed;
  const aggregator = soleParty(content, 'aggregator');
  const context = { message: message.name, nonce, agreement: hash, from: aggregator, to: self.id };
  const text = unseal(sealed, self.keyring.sealing, context);
  if (typeof text === 'string') return text;
  const opened = openLetter(text, {
    messages: [message],
    self: { id: self.id, kind: 'requester' },
    signer: (kid) => self.directory.signer(kid, now),
    now,
    maxAge: oldest,
  });
  if (typeof opened === 'string') return opened;
  if (opened.from.id !== aggregator || !signed.isParty(opened.from)) return 'key-not-pinned';
  const letter = opened as Opened<Body>;
  return letter.queryId === id && letter.body.agreement === hash ? letter : 'query-differs';
}
