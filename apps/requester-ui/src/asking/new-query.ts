// A query as the requester keeps it before anybody hears of it.
import { deadlinesOf, queryIdOf, signManifest, type Manifest } from '@anonymesh/protocol';
import type { SubjectFields } from '@anonymesh/protocol-asking';
import type { SignedAgreement } from '@anonymesh/trust';
import { writeFields } from '../store/fields.js';
import type { Query } from '../store/queries.js';
import type { Part, Requester } from './seal-parts.js';

/** Who asks, under what, and what they gave. */
export interface Asker {
  readonly signed: SignedAgreement;
  readonly role: string;
  readonly fields: SubjectFields;
  /** The caseworker: `sub` of the token. */
  readonly asker: string;
}

export async function newQuery(
  { signed, role, fields, asker }: Asker,
  { signing }: Requester,
  manifest: Manifest,
  parts: readonly Part[],
): Promise<Query> {
  const { outcome: deadline, erasure } = deadlinesOf(manifest, signed.content);
  return {
    id: queryIdOf(manifest),
    kind: signed.content.kind,
    agreement: signed.hash,
    agreement_id: signed.content.id,
    reference: null,
    t: 0,
    asker,
    role,
    fields: writeFields(fields),
    nonce: manifest.nonce,
    manifest: await signManifest(manifest, signing),
    parts: JSON.stringify(parts),
    slip: null,
    wish: null,
    state: 'asking',
    admitted: false,
    answered: 0,
    holders: signed.content.holders.length,
    stage: null,
    percent: null,
    outcome: null,
    code: null,
    people: null,
    outcome_signed: null,
    asked_at: manifest.issuedAt,
    deadline,
    ended_at: null,
    ask_at: manifest.issuedAt,
    attempts: 0,
    kept_until: erasure,
  };
}
