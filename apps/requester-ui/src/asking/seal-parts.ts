// One sealed part for each holder, with only what that holder receives, bound to this one query.
import type { Agreement, PartyId, SigningKey } from '@anonymesh/protocol';
import { sealPart, type PartBinding, type SubjectFields } from '@anonymesh/protocol-asking';
import type { SignedAgreement } from '@anonymesh/trust';

export interface Requester {
  readonly id: PartyId;
  readonly signing: SigningKey;
}

export interface Part {
  readonly holder: PartyId;
  readonly sealed: string;
}

/** Undefined where a holder has no key to be trusted. */
export function sealParts(
  signed: SignedAgreement,
  fields: SubjectFields,
  manifest: PartBinding['manifest'],
  now: number,
): readonly Part[] | undefined {
  const parts: Part[] = [];
  for (const { id: holder, receives } of signed.content.holders satisfies Agreement['holders']) {
    const key = signed.sealingKeyOf(holder, now);
    if (key === undefined) return undefined;
    parts.push({ holder, sealed: sealPart(fields, receives, key, { manifest, holder }) });
  }
  return parts;
}
