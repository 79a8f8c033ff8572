// Whether what a coordinator has under a lookup id is the query of the person who signed in with this reference: signed
// by a requester that the agreement pins, and each part of it following from the reference or bound by the signature.
import { timingSafeEqual } from 'node:crypto';
import {
  askedUnder,
  sha256,
  sha256Of,
  soleParty,
  verifyManifest,
  type CheckAgreement,
  type CheckManifest,
  type PartyId,
  type PrivateKey,
  type QueryId,
} from '@anonymesh/protocol';
import { lookupIdOf, normalise, openSlip, queryKeyOf, type Withheld } from '@anonymesh/protocol-asking';
import type { Directory, SignedAgreement, Trust } from '@anonymesh/trust';
import type { FailureCode } from './failure.js';

export interface Portal {
  readonly id: PartyId;
  /** The private keys to which others seal for the portal. */
  readonly sealing: (kid: string) => PrivateKey | undefined;
  readonly directory: Directory;
}

/** A query of the signed-in person. */
export interface Found {
  readonly queryId: QueryId;
  readonly manifest: CheckManifest;
  readonly signed: SignedAgreement;
  /** The private key that follows from the reference. */
  readonly queryKey: PrivateKey;
  readonly person: Withheld;
}

export interface Claimed {
  /** Of the reference. */
  readonly seed: Uint8Array;
  readonly t: number;
  /** The verified identity, as the identity provider writes it. */
  readonly identity: string;
}

export function verifySlip(
  reply: { readonly manifest: string; readonly slip: string },
  { seed, t, identity }: Claimed,
  trust: Pick<Trust, 'agreements'>,
  portal: Portal,
): Found | FailureCode {
  const verified = verifyManifest(reply.manifest, portal.directory.pastSigner);
  if (typeof verified === 'string') return 'manifest-refused';
  const { queryId, requester } = verified;
  const signed = trust.agreements.get(verified.manifest.agreement);
  if (signed === undefined) return 'agreement-unknown';
  // Whether it is still in force does not matter: who was asked about may know why for as long as anybody keeps it.
  if (signed.unsigned.length > 0) return 'agreement-not-signed';
  if (!signed.isParty(requester)) return 'requester-not-pinned';
  const asked = askedUnder(verified.manifest, signed.content);
  if (asked?.kind !== 'check') return 'manifest-differs';
  const { manifest, agreement } = asked;
  if (soleParty(agreement, 'portal') !== portal.id) return 'portal-not-pinned';
  const queryKey = queryKeyOf(seed, t);
  const follows = manifest.lookupId === lookupIdOf(seed, t) && manifest.queryKey === queryKey.text;
  if (!follows || manifest.slip !== sha256Of(reply.slip) || !hasAllHolders(manifest, signed)) return 'manifest-differs';
  const binding = { manifest, portal: portal.id };
  const slip = openSlip(reply.slip, { queryKey: queryKey.own, portal: portal.sealing }, binding);
  if (slip?.agreement !== signed.hash || slip.purpose !== agreement.purpose) return 'slip-differs';
  const person = personOf(identity, agreement);
  if (person === undefined) return 'identity-malformed';
  if (!samePerson(person.reveal(), slip.subjectKey.reveal())) return 'another-person';
  return { queryId, manifest, signed, queryKey: queryKey.own, person };
}

/** Takes the same time wherever the two differ. */
export function samePerson(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}

function personOf(identity: string, { fields, subjectKey }: CheckAgreement): Withheld | undefined {
  const field = fields[subjectKey];
  return field === undefined ? undefined : normalise(field.format, identity);
}

function hasAllHolders({ parts }: CheckManifest, { content }: SignedAgreement): boolean {
  const asked = new Set(parts.map(({ holder }) => holder));
  const all = content.holders.every(({ id }) => asked.has(id));
  return all && asked.size === parts.length && parts.length === content.holders.length;
}
