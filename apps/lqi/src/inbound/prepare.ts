// The holder's own side of a question: its terms, its part of the manifest, the template that is pinned, the keys in
// force. What does not fit together is refused with a code.
import {
  askedUnder,
  deadlinesOf,
  sha256Of,
  wasRevoked,
  type BodyOf,
  type dispatch,
  type HolderTerms,
  type PublicKey,
  type RefusalCode,
  type VerifiedManifest,
} from '@anonymesh/protocol';
import { openPart } from '@anonymesh/protocol-asking';
import type { SignedAgreement } from '@anonymesh/trust';
import type { Holder } from './examine.js';
import { maskKeysOf } from './mask-keys.js';
import type { Question } from './question.js';

export function prepare(
  body: BodyOf<typeof dispatch>,
  verified: VerifiedManifest,
  signed: SignedAgreement,
  holder: Holder,
  now: number,
): Question | RefusalCode {
  const asked = askedUnder(verified.manifest, signed.content);
  if (asked === undefined) return 'malformed';
  if (asked.kind === 'check') {
    const { manifest, agreement } = asked;
    const terms = agreement.holders.find(({ id }) => id === holder.id);
    const own = prepareOwn(body, verified, signed, terms, holder, now);
    if (typeof own === 'string') return own;
    const portal = portalOf(signed, now);
    if (portal === undefined) return 'key-not-pinned';
    const { template, ...rest } = own;
    if (template.answer === 'set') return 'source-unfit';
    return {
      ...rest,
      template,
      terms: own.terms,
      kind: 'check',
      verified: { ...verified, manifest },
      agreement,
      portal,
    };
  }
  const { manifest, agreement } = asked;
  const terms = agreement.holders.find(({ id }) => id === holder.id);
  const own = prepareOwn(body, verified, signed, terms, holder, now);
  if (typeof own === 'string') return own;
  const { template, ...rest } = own;
  if (template.answer !== 'set') return 'source-unfit';
  return { ...rest, template, terms: own.terms, kind: 'set', verified: { ...verified, manifest }, agreement, signed };
}

/** What every question needs of a holder, whatever its kind. */
function prepareOwn<Terms extends HolderTerms>(
  body: BodyOf<typeof dispatch>,
  { manifest, queryId }: VerifiedManifest,
  signed: SignedAgreement,
  terms: Terms | undefined,
  { id, keyring, templates, trust: { directory } }: Holder,
  now: number,
) {
  if (terms === undefined) return 'not-for-you';
  if (manifest.parts.find((part) => part.holder === id)?.hash !== sha256Of(body.part)) return 'parts-not-matching';
  const template = templates(terms);
  if (template === undefined) return 'template-not-pinned';
  if (!template.parameters.every((name) => name === 'asOf' || terms.receives.includes(name))) return 'source-unfit';
  const maskKeys = maskKeysOf(body.maskKeys, signed, id, keyring, now);
  if (typeof maskKeys === 'string') return maskKeys;
  const agreed = { fields: signed.content.fields, receives: terms.receives };
  let sealedTo = '';
  const own = (kid: string) => keyring.sealing((sealedTo = kid));
  const fields = openPart(body.part, own, { manifest, holder: id }, agreed);
  if (typeof fields === 'string') return fields;
  // What whoever stole the key can read as well is not answered: its requester should have known.
  if (wasRevoked({ revokedAt: directory.revokedAt(sealedTo) }, manifest.issuedAt)) return 'key-revoked';
  return { queryId, terms, template, fields, maskKeys, due: deadlinesOf(manifest, signed.content).answers };
}

function portalOf(signed: SignedAgreement, now: number): PublicKey | undefined {
  const id = signed.content.parties.find(({ kind }) => kind === 'portal')?.id ?? '';
  return signed.sealingKeyOf(id, now);
}
