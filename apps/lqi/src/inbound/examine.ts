// Examines a dispatch. The coordinator is not believed: who asks, under what, and for which holders comes from the
// requester's signature and from an agreement signed by all its parties; the part must be the one the manifest names.
import {
  deadlinesOf,
  sha256Of,
  untimely,
  verifyManifest,
  type Agreement,
  type BodyOf,
  type dispatch,
  type HolderTerms,
  type Opened,
  type PartyId,
  type PublicKey,
  type QueryId,
  type RefusalCode,
  type VerifiedManifest,
} from '@anonymesh/protocol';
import { openPart, type SubjectFields } from '@anonymesh/protocol-asking';
import type { Keyring, SignedAgreement, Template, Trust } from '@anonymesh/trust';
import type { Templates } from '../questions/templates.js';
import { maskKeysOf, type MaskKeys } from './mask-keys.js';

export interface Holder {
  readonly id: PartyId;
  readonly keyring: Keyring;
  readonly trust: Trust;
  readonly templates: Templates;
}

/** A subquery that may be evaluated. */
export interface Question {
  readonly queryId: QueryId;
  readonly verified: VerifiedManifest;
  readonly agreement: Agreement;
  readonly terms: HolderTerms;
  readonly template: Template;
  readonly fields: SubjectFields;
  readonly maskKeys: MaskKeys;
  readonly portal: PublicKey;
  /** When the answer must have left; milliseconds since 1970. */
  readonly due: number;
}

/** `agreement`: by which one can tell the aggregator that there will be no answer. */
export interface No {
  readonly code: RefusalCode;
  readonly agreement: SignedAgreement | undefined;
}

export function examine(
  { body, queryId }: { readonly body: BodyOf<typeof dispatch>; readonly queryId: QueryId | undefined },
  coordinator: Opened['from'],
  holder: Holder,
  now: number,
): Question | No {
  const { directory, agreements } = holder.trust;
  const verified = verifyManifest(body.manifest, (kid) => directory.signer(kid, now));
  if (typeof verified === 'string') return { code: verified, agreement: undefined };
  if (verified.queryId !== queryId) return { code: 'query-differs', agreement: undefined };
  const signed = agreements.get(verified.manifest.agreement);
  if (signed === undefined) return { code: 'unknown-agreement', agreement: undefined };
  if (!signed.isParty(coordinator)) return { code: 'key-not-pinned', agreement: undefined };
  const code = reasonNotToTake(verified, signed, now);
  if (code !== undefined) return { code, agreement: signed };
  const question = prepare(body, verified, signed, holder, now);
  return typeof question === 'string' ? { code: question, agreement: signed } : question;
}

/** Status of all parties (in force, withdrawn) and limits by subject come with issue 5, here. */
function reasonNotToTake(
  { manifest, requester }: VerifiedManifest,
  signed: SignedAgreement,
  now: number,
): RefusalCode | undefined {
  if (signed.unsigned.length > 0) return 'agreement-not-signed';
  if (!signed.isParty(requester)) return 'key-not-pinned';
  const roles = signed.content.askers.find((asker) => asker.requester === requester.id)?.roles ?? [];
  if (!roles.includes(manifest.role)) return 'role-not-allowed';
  const holders = new Set(manifest.parts.map((part) => part.holder));
  const { length } = signed.content.holders;
  if (holders.size !== length || manifest.parts.length !== length) return 'parts-not-matching';
  if (!signed.content.holders.every(({ id }) => holders.has(id))) return 'parts-not-matching';
  return untimely(manifest, signed.content, now);
}

function prepare(
  body: BodyOf<typeof dispatch>,
  verified: VerifiedManifest,
  signed: SignedAgreement,
  { id, keyring, trust, templates }: Holder,
  now: number,
): Question | RefusalCode {
  const { manifest, queryId } = verified;
  const agreement = signed.content;
  const terms = agreement.holders.find((each) => each.id === id);
  if (terms === undefined) return 'not-for-you';
  if (manifest.parts.find((part) => part.holder === id)?.hash !== sha256Of(body.part)) return 'parts-not-matching';
  const template = templates(terms);
  if (template === undefined) return 'template-not-pinned';
  if (!template.parameters.every((name) => name === 'asOf' || terms.receives.includes(name))) return 'source-unfit';
  const maskKeys = maskKeysOf(body.maskKeys, signed, id, keyring, now);
  if (maskKeys === undefined) return 'unknown-key';
  const portalId = agreement.parties.find(({ kind }) => kind === 'portal')?.id ?? '';
  const portal = signed.pinned(portalId) && trust.directory.sealingKey(portalId, now);
  if (portal === undefined) return 'key-not-pinned';
  const agreed = { fields: agreement.fields, receives: terms.receives };
  const fields = openPart(body.part, keyring.sealing, { manifest, holder: id }, agreed);
  if (typeof fields === 'string') return fields;
  const due = deadlinesOf(manifest, agreement).answers;
  return { queryId, verified, agreement, terms, template, fields, maskKeys, portal, due };
}
