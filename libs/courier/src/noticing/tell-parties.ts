// Tells the other parties of an agreement, or some of them, all that this node knows of it, each by a letter of its own.
import { notice, type AgreementNotice, type PartyId, type PartyKind } from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';
import type { Self } from '../parcel.js';
import type { Work } from '../work.js';

export function tellParties(
  work: Pick<Work, 'post'>,
  self: Pick<Self, 'id' | 'kind'>,
  { content, sealingKeyOf }: SignedAgreement,
  body: AgreementNotice,
  only: readonly PartyId[] = content.parties.map(({ id }) => id),
): void {
  const now = Date.now();
  // To somebody whom the directory does not have, or without a key, nothing can be sealed: they are told when it does.
  const others = content.parties.filter(
    ({ id, kind }) =>
      id !== self.id && only.includes(id) && mayWrite(self.kind, kind) && sealingKeyOf(id, now) !== undefined,
  );
  for (const { id: to } of others) work.post(notice, { to, queryId: undefined, body });
}

function mayWrite(from: PartyKind, to: PartyKind): boolean {
  return notice.hops.some((hop) => hop.from === from && hop.to === to);
}
