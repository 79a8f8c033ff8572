// A part: what one holder receives of the person, sealed by the requester to that holder and bound to this one query.
import {
  canonicalBytes,
  pad,
  parseJson,
  seal,
  unpad,
  unseal,
  type Agreement,
  type Manifest,
  type PartyId,
  type PrivateKey,
  type PublicKey,
  type RefusalCode,
  type SealContext,
} from '@anonymesh/protocol';
import { z } from 'zod';
import { isCanonical } from './formats.js';
import { Withheld, type SubjectFields } from './withheld.js';

const content = z.strictObject({ fields: z.record(z.string(), z.string().max(200)) });

/** Bytes before sealing: they follow from the agreement alone, so that no length tells of a person. */
const sizeFor = (receives: readonly string[]) => 512 * (1 + receives.length);

/** What a part is bound to: moved to another query, agreement, requester or holder, it does not open. */
export interface PartBinding {
  readonly manifest: Pick<Manifest, 'nonce' | 'agreement' | 'requester'>;
  readonly holder: PartyId;
}

/** Seals to one holder the fields that the agreement lets it receive, and no others. */
export function sealPart(fields: SubjectFields, receives: readonly string[], to: PublicKey, binding: PartBinding) {
  const chosen = Object.fromEntries(receives.map((name) => [name, fields[name]?.reveal()]));
  const text = canonicalBytes(content.parse({ fields: chosen })).toString('base64url');
  return seal(pad(text, sizeFor(receives)), to, contextOf(binding));
}

/** The fields, if the part is bound to this query and holds exactly what was agreed, in canonical form. */
export function openPart(
  sealed: string,
  find: (kid: string) => PrivateKey | undefined,
  binding: PartBinding,
  agreed: Pick<Agreement, 'fields'> & { readonly receives: readonly string[] },
): SubjectFields | RefusalCode {
  const opened = unseal(sealed, find, contextOf(binding));
  if (opened === 'unknown-key') return opened;
  if (opened === 'malformed') return 'part-not-bound';
  const text = unpad(opened, sizeFor(agreed.receives));
  const parsed = content.safeParse(text === undefined ? undefined : parseJson(Buffer.from(text, 'base64url')));
  if (!parsed.success) return 'malformed';
  const given = Object.entries(parsed.data.fields);
  const asAgreed = given.every(([name, value]) => {
    const field = agreed.fields[name];
    return field !== undefined && agreed.receives.includes(name) && isCanonical(field.format, value);
  });
  if (!asAgreed || given.length !== agreed.receives.length) return 'fields-not-agreed';
  return Object.fromEntries(given.map(([name, value]) => [name, new Withheld(value)]));
}

/** Canonical JSON of the fields that every holder receives: context of the masks (docs/protocol.md section 6). */
export function commonFieldBytes(fields: SubjectFields, names: readonly string[]): Buffer {
  return canonicalBytes(Object.fromEntries(names.map((name) => [name, fields[name]?.reveal() ?? null])));
}

function contextOf({ manifest, holder }: PartBinding): SealContext {
  const { nonce, agreement, requester } = manifest;
  return { message: 'part', nonce, agreement, from: requester, to: holder };
}
