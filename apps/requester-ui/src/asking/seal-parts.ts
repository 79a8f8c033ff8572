// One sealed part for each holder, with only what that holder receives, bound to this one query.
import type { Agreement, PartyId, PublicKey, SigningKey } from '@anonymesh/protocol';
import { sealPart, type PartBinding, type SubjectFields } from '@anonymesh/protocol-asking';
import type { Directory, SignedAgreement } from '@anonymesh/trust';

export interface Requester {
  readonly id: PartyId;
  readonly signing: SigningKey;
  readonly directory: Directory;
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
  requester: Requester,
  now: number,
): readonly Part[] | undefined {
  const parts: Part[] = [];
  for (const { id: holder, receives } of signed.content.holders satisfies Agreement['holders']) {
    const key = sealingKeyOf(holder, signed, requester, now);
    if (key === undefined) return undefined;
    parts.push({ holder, sealed: sealPart(fields, receives, key, { manifest, holder }) });
  }
  return parts;
}

/** Never a key of an entry whose identity is not the pinned one, whatever the operator distributes. */
export function sealingKeyOf(
  id: PartyId,
  signed: SignedAgreement,
  { directory }: Pick<Requester, 'directory'>,
  now: number,
): PublicKey | undefined {
  return signed.pinned(id) === undefined ? undefined : directory.sealingKey(id, now);
}
