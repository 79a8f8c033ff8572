// Composes the query of a check: one sealed part for each holder with only what that holder receives, a slip for the
// subject's portal, and the signed manifest that names them by hash. Whoever carries it learns no person.
import { randomBytes } from 'node:crypto';
import { base64url, sha256Of, soleParty, type CheckAgreement, type CheckManifest } from '@anonymesh/protocol';
import { lookupIdOf, queryKeyOf, sealSlip } from '@anonymesh/protocol-asking';
import type { SignedAgreement } from '@anonymesh/trust';
import type { Query } from '../store/queries.js';
import { newQuery, type Asker } from './new-query.js';
import { sealParts, type Requester } from './seal-parts.js';

export interface Question extends Asker {
  readonly signed: SignedAgreement<CheckAgreement>;
  readonly reference: string;
  /** Of the reference. */
  readonly seed: Uint8Array;
  /** Which asking under this reference. */
  readonly t: number;
  readonly wish?: string;
}

/** A query about a person. */
export type CheckQuery = Query & { readonly reference: string; readonly slip: string };

/** The query as it is kept until it is asked; `key-not-pinned` where somebody it is for has no key to be trusted. */
export async function compose(
  question: Question,
  requester: Requester,
  now: number,
): Promise<CheckQuery | 'key-not-pinned'> {
  const { signed, role, fields, reference, seed, t, wish } = question;
  const { content } = signed;
  const portal = soleParty(content, 'portal');
  const portalKey = signed.sealingKeyOf(portal, now);
  const queryKey = queryKeyOf(seed, t);
  const bound = { nonce: base64url(randomBytes(16)), agreement: signed.hash, requester: requester.id };
  const parts = sealParts(signed, fields, bound, now);
  const subjectKey = fields[content.subjectKey];
  if (portalKey === undefined || parts === undefined) return 'key-not-pinned';
  if (subjectKey === undefined) throw new TypeError('a question without its subject key');
  const about = { agreement: signed.hash, purpose: content.purpose, subjectKey };
  const slip = sealSlip(about, { queryKey: queryKey.public, portal: portalKey }, { manifest: bound, portal });
  const manifest: CheckManifest = {
    type: 'anonymesh/check/v1',
    ...bound,
    role,
    issuedAt: now,
    parts: parts.map(({ holder, sealed }) => ({ holder, hash: sha256Of(sealed) })),
    slip: sha256Of(slip),
    lookupId: lookupIdOf(seed, t),
    queryKey: queryKey.text,
  };
  return { ...(await newQuery(question, requester, manifest, parts)), reference, t, slip, wish: wish ?? null };
}
