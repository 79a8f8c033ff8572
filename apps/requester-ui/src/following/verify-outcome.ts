// Whether what the coordinator relayed is the outcome of this query, by the aggregator that its agreement pins. The
// coordinator's word counts for nothing here, and neither does the directory's without the pin.
import {
  openLetter,
  soleParty,
  unseal,
  type BodyOf,
  type Opened,
  type PartyId,
  type QueryId,
  type RefusalCode,
} from '@anonymesh/protocol';
import { outcome } from '@anonymesh/protocol-outcome';
import type { Directory, Keyring, SignedAgreement } from '@anonymesh/trust';
import type { Ending } from '../store/queries.js';

export interface Receiver {
  readonly id: PartyId;
  readonly keyring: Keyring;
  readonly directory: Directory;
}

/** As long as the broker keeps anything, in milliseconds. */
const oldest = 15 * 86_400_000;

export function verifyOutcome(
  sealed: string,
  { id, nonce }: { readonly id: QueryId; readonly nonce: string },
  signed: SignedAgreement,
  self: Receiver,
  now: number,
): Ending | RefusalCode {
  const { hash, content } = signed;
  const aggregator = soleParty(content, 'aggregator');
  const context = { message: 'outcome', nonce, agreement: hash, from: aggregator, to: self.id };
  const text = unseal(sealed, self.keyring.sealing, context);
  if (typeof text === 'string') return text;
  const opened = openLetter(text, {
    messages: [outcome],
    self: { id: self.id, kind: 'requester' },
    signer: (kid) => self.directory.signer(kid, now),
    now,
    maxAge: oldest,
  });
  if (typeof opened === 'string') return opened;
  if (opened.from.id !== aggregator || !signed.isParty(opened.from)) return 'key-not-pinned';
  const { body, queryId, jws } = opened as Opened<BodyOf<typeof outcome>>;
  if (queryId !== id || body.agreement !== hash) return 'query-differs';
  if (body.holders !== content.holders.length || body.answered > body.holders) return 'query-differs';
  return { answered: body.answered, outcome: body.outcome, code: body.code, outcome_signed: jws };
}
