// A query on paper: what a requester hands to the coordinator, made as docs/protocol.md says and not by the requester's
// app, so that the apps of other parties can be tested against it.
import { randomBytes } from 'node:crypto';
import {
  base64url,
  queryIdOf,
  sha256Of,
  signManifest,
  type Manifest,
  type PublicKey,
  type QueryId,
} from '@anonymesh/protocol';
import {
  lookupIdOf,
  mintReference,
  queryKeyOf,
  sealPart,
  sealSlip,
  seedOf,
  Withheld,
  type QueryKey,
  type Slip,
  type SubjectFields,
} from '@anonymesh/protocol-asking';
import type { SignedAgreement } from '@anonymesh/trust';
import type { Parties } from './make-parties.js';

export interface MadeQuery {
  readonly reference: string;
  readonly seed: Buffer;
  readonly t: number;
  readonly queryId: QueryId;
  readonly manifest: Manifest;
  /** The body of `ask`. */
  readonly body: {
    readonly manifest: string;
    readonly parts: { holder: string; sealed: string }[];
    readonly slip: string;
  };
  readonly queryKey: QueryKey;
  readonly fields: SubjectFields;
}

export interface QueryOptions {
  readonly agreement?: SignedAgreement;
  readonly reference?: string;
  readonly t?: number;
  readonly requester?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly issuedAt?: number;
  /** Instead of what the slip ought to say. */
  readonly slip?: Partial<Slip>;
  /** Instead of what the manifest ought to say, put in before it is signed. */
  readonly manifest?: Partial<Manifest>;
}

/** Canonical fields of a person who does not exist. */
export const somebody = {
  niNumber: 'AB123456C',
  surname: 'okafor',
  birthDate: '1985-03-27',
  postcode: 'NM1 4QT',
} as const;

export async function makeQuery(parties: Parties, options: QueryOptions = {}): Promise<MadeQuery> {
  const { agreement = parties.agreement, reference = mintReference(), t = 0, requester = 'immigration' } = options;
  const { content, hash } = agreement;
  const fields = Object.fromEntries(
    Object.entries(options.fields ?? somebody).map(([name, value]) => [name, new Withheld(value)]),
  );
  const seed = await seedOf(reference);
  const queryKey = queryKeyOf(seed, t);
  const bound = { nonce: base64url(randomBytes(16)), agreement: hash, requester };
  const parts = content.holders.map(({ id, receives }) => ({
    holder: id,
    sealed: sealPart(fields, receives, sealingKeyOf(parties, id), { manifest: bound, holder: id }),
  }));
  const subjectKey = fields[content.subjectKey] ?? new Withheld('');
  const slip = sealSlip(
    { agreement: hash, purpose: content.purpose, subjectKey, ...options.slip },
    { queryKey: queryKey.public, portal: sealingKeyOf(parties, 'appeal-portal') },
    { manifest: bound, portal: 'appeal-portal' },
  );
  const manifest: Manifest = {
    type: 'anonymesh/check/v1',
    ...bound,
    role: 'caseworker',
    issuedAt: options.issuedAt ?? Date.now(),
    parts: parts.map(({ holder, sealed }) => ({ holder, hash: sha256Of(sealed) })),
    slip: sha256Of(slip),
    lookupId: lookupIdOf(seed, t),
    queryKey: queryKey.text,
    ...options.manifest,
  };
  const signed = signManifest(manifest, parties.party(requester).signing);
  return {
    reference,
    seed,
    t,
    queryId: queryIdOf(manifest),
    manifest,
    body: { manifest: signed, parts, slip },
    queryKey,
    fields,
  };
}

export function sealingKeyOf({ directory }: Parties, id: string): PublicKey {
  const key = directory.sealingKey(id, Date.now());
  if (key === undefined) throw new Error(`${id} has no sealing key`);
  return key;
}
