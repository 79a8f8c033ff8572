// Composes a set query: nobody is named in it, so that it has no slip and no reference; its parts hold what the holders'
// templates are given.
import { randomBytes } from 'node:crypto';
import { base64url, sha256Of, type SetAgreement, type SetManifest } from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';
import type { Query } from '../store/queries.js';
import { newQuery, type Asker } from './new-query.js';
import { sealParts, type Requester } from './seal-parts.js';

export interface SetQuestion extends Asker {
  readonly signed: SignedAgreement<SetAgreement>;
}

/** As `compose`, for sets. */
export async function composeSet(
  question: SetQuestion,
  requester: Requester,
  now: number,
): Promise<Query | 'key-not-pinned'> {
  const { signed, role, fields } = question;
  const bound = { nonce: base64url(randomBytes(16)), agreement: signed.hash, requester: requester.id };
  const parts = sealParts(signed, fields, bound, now);
  if (parts === undefined) return 'key-not-pinned';
  const manifest: SetManifest = {
    type: 'anonymesh/set/v1',
    ...bound,
    role,
    issuedAt: now,
    parts: parts.map(({ holder, sealed }) => ({ holder, hash: sha256Of(sealed) })),
  };
  return newQuery(question, requester, manifest, parts);
}
