// What the aggregator sealed to us about a query.
import { soleParty, type Message, type Opened, type QueryId, type RefusalCode } from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';
import { openSealed, type Receiver } from './open-sealed.js';

export interface About {
  readonly id: QueryId;
  readonly nonce: string;
}

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
  const expected = { message, from: soleParty(content, 'aggregator'), context: { nonce, agreement: hash } };
  const letter = openSealed(sealed, expected, signed, self, now);
  if (typeof letter === 'string') return letter;
  return letter.queryId === id && letter.body.agreement === hash ? letter : 'query-differs';
}
