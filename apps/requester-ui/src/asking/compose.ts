// Composes a query: one sealed part for each holder with only what that holder receives, a slip for the subject's
// portal, and the signed manifest that names them by hash. Whoever carries it learns no person.
import { randomBytes } from 'node:crypto';
import {
  base64url,
  deadlinesOf,
  queryIdOf,
  sha256Of,
  signManifest,
  soleParty,
  type Manifest,
  type PartyId,
  type PrivateKey,
  type PublicKey,
} from '@anonymesh/protocol';
import { lookupIdOf, queryKeyOf, sealPart, sealSlip, type SubjectFields } from '@anonymesh/protocol-asking';
import type { Directory, SignedAgreement } from '@anonymesh/trust';
import { writeFields } from '../store/fields.js';
import type { Query } from '../store/queries.js';

export interface Question {
  readonly signed: SignedAgreement;
  readonly role: string;
  readonly fields: SubjectFields;
  readonly reference: string;
  /** Of the reference. */
  readonly seed: Uint8Array;
  /** Which asking under this reference. */
  readonly t: number;
  readonly asker: string;
  readonly wish?: string;
}

export interface Requester {
  readonly id: PartyId;
  readonly signing: PrivateKey;
  readonly directory: Directory;
}

/** The query as it is kept until it is asked; `key-not-pinned` where somebody it is for has no key to be trusted. */
export function compose(question: Question, requester: Requester, now: number): Query | 'key-not-pinned' {
  const { signed, role, fields, seed, t } = question;
  const { content } = signed;
  const portal = soleParty(content, 'portal');
  const portalKey = sealingKeyOf(portal, signed, requester, now);
  const queryKey = queryKeyOf(seed, t);
  const nonce = base64url(randomBytes(16));
  const bound = { nonce, agreement: signed.hash, requester: requester.id };
  const parts: { holder: PartyId; sealed: string }[] = [];
  for (const { id: holder, receives } of content.holders) {
    const key = sealingKeyOf(holder, signed, requester, now);
    if (key === undefined) return 'key-not-pinned';
    parts.push({ holder, sealed: sealPart(fields, receives, key, { manifest: bound, holder }) });
  }
  const subjectKey = fields[content.subjectKey];
  if (portalKey === undefined) return 'key-not-pinned';
  if (subjectKey === undefined) throw new TypeError('a question without its subject key');
  const about = { agreement: signed.hash, purpose: content.purpose, subjectKey };
  const slip = sealSlip(about, { queryKey: queryKey.public, portal: portalKey }, { manifest: bound, portal });
  const manifest: Manifest = {
    type: 'anonymesh/check/v1',
    ...bound,
    role,
    issuedAt: now,
    parts: parts.map(({ holder, sealed }) => ({ holder, hash: sha256Of(sealed) })),
    slip: sha256Of(slip),
    lookupId: lookupIdOf(seed, t),
    queryKey: queryKey.text,
  };
  return rowOf(question, requester, manifest, parts, slip);
}

/** Never a key of an entry whose identity is not the pinned one, whatever the operator distributes. */
function sealingKeyOf(
  id: PartyId,
  signed: SignedAgreement,
  { directory }: Requester,
  now: number,
): PublicKey | undefined {
  return signed.pinned(id) === undefined ? undefined : directory.sealingKey(id, now);
}

function rowOf(
  { signed, role, fields, reference, t, asker, wish }: Question,
  { signing }: Requester,
  manifest: Manifest,
  parts: readonly object[],
  slip: string,
): Query {
  const { outcome: deadline, erasure } = deadlinesOf(manifest, signed.content);
  return {
    id: queryIdOf(manifest),
    agreement: signed.hash,
    agreement_id: signed.content.id,
    reference,
    t,
    asker,
    role,
    fields: writeFields(fields),
    nonce: manifest.nonce,
    manifest: signManifest(manifest, signing),
    parts: JSON.stringify(parts),
    slip,
    wish: wish ?? null,
    state: 'asking',
    admitted: false,
    answered: 0,
    holders: signed.content.holders.length,
    outcome: null,
    code: null,
    outcome_signed: null,
    asked_at: manifest.issuedAt,
    deadline,
    ask_at: manifest.issuedAt,
    attempts: 0,
    kept_until: erasure,
  };
}
