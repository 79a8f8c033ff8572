// The holder's own side of a question: its terms, its part of the manifest, the template that is pinned, the keys in
// force. What does not fit together is refused with a code.
import {
  askedUnder,
  deadlinesOf,
  sha256Of,
  soleParty,
  wasRevoked,
  type Asked,
  type BodyOf,
  type dispatch,
  type HolderTerms,
  type RefusalCode,
  type SetHolder,
  type VerifiedManifest,
} from '@anonymesh/protocol';
import { openPart } from '@anonymesh/protocol-asking';
import type { SignedAgreement, Template } from '@anonymesh/trust';
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
  const given = { body, verified, signed, holder, now };
  return asked.kind === 'check'
    ? prepareOwn(asked.agreement, given, (own) => checkQuestion(asked, own, given))
    : prepareOwn(asked.agreement, given, (own) => setQuestion(asked, own, given));
}

interface Given {
  readonly body: BodyOf<typeof dispatch>;
  readonly verified: VerifiedManifest;
  readonly signed: SignedAgreement;
  readonly holder: Holder;
  readonly now: number;
}

/** What every question needs of a holder, whatever its kind. */
interface Own<Terms> extends Pick<Question, 'queryId' | 'fields' | 'maskKeys' | 'due'> {
  readonly terms: Terms;
  readonly template: Template;
}

function prepareOwn<Terms extends HolderTerms>(
  { holders }: { readonly holders: readonly Terms[] },
  { body, verified: { manifest, queryId }, signed, holder: { id, keyring, templates, trust }, now }: Given,
  question: (own: Own<Terms>) => Question | RefusalCode,
): Question | RefusalCode {
  const terms = holders.find((holder) => holder.id === id);
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
  if (wasRevoked({ revokedAt: trust.directory.revokedAt(sealedTo) }, manifest.issuedAt)) return 'key-revoked';
  return question({ queryId, terms, template, fields, maskKeys, due: deadlinesOf(manifest, signed.content).answers });
}

function checkQuestion(
  { kind, manifest, agreement }: Extract<Asked, { kind: 'check' }>,
  { template, ...own }: Own<HolderTerms>,
  { verified, signed, now }: Given,
): Question | RefusalCode {
  const portal = signed.sealingKeyOf(soleParty(agreement, 'portal'), now);
  if (portal === undefined) return 'key-not-pinned';
  if (template.answer === 'set') return 'source-unfit';
  return { ...own, kind, template, verified: { ...verified, manifest }, agreement, portal };
}

function setQuestion(
  { kind, manifest, agreement }: Extract<Asked, { kind: 'set' }>,
  { template, ...own }: Own<SetHolder>,
  { verified, signed }: Given,
): Question | RefusalCode {
  if (template.answer !== 'set') return 'source-unfit';
  return { ...own, kind, template, verified: { ...verified, manifest }, agreement, signed };
}
