// Agreements with the signatures of all their parties. Who trusts a message trusts it through an agreement: the
// identities of all parties are pinned there, and nothing that the operator distributes can change them.
import {
  agreement,
  agreementHashOf,
  signJws,
  verifyJws,
  canonicalBytes,
  compactJws,
  parseJson,
  partyId,
  type Agreement,
  type PartyId,
  type PartyKind,
  type PublicKey,
  type SigningKey,
} from '@anonymesh/protocol';
import { z } from 'zod';
import type { Directory } from './directory.js';
import type { VerifiedEntry } from './entry.js';
import { identityKey } from './fingerprint.js';

const type = 'anonymesh-agreement-signature';

const signedHash = z.strictObject({ agreement: z.string(), party: partyId });

/** What is beside an agreement: each party's signature over its hash. */
export const agreementSignatures = z.record(partyId, compactJws);
export type AgreementSignatures = z.infer<typeof agreementSignatures>;

export function signAgreement(content: Agreement, party: PartyId, identity: SigningKey): Promise<string> {
  const payload = { agreement: agreementHashOf(agreement.parse(content)), party };
  return signJws(canonicalBytes(payload), type, identity);
}

export interface SignedAgreement<Content extends Agreement = Agreement> {
  readonly hash: string;
  readonly content: Content;
  /** Whether every party to it has signed; where not, who has not. */
  readonly unsigned: readonly PartyId[];
  /** Those that verify. */
  readonly signatures: AgreementSignatures;
  /** The directory's entry of a party to this agreement, if it has the identity and the kind that the agreement pins. */
  readonly pinned: (id: PartyId) => VerifiedEntry | undefined;
  /** To which one seals for such a party at that time: no key of another identity, whatever the operator distributes. */
  readonly sealingKeyOf: (id: PartyId, at: number) => PublicKey | undefined;
  /** Whether they are a party to the agreement, in that role: an entry alone says what its owner likes of its kind. */
  readonly isParty: (who: { readonly id: PartyId; readonly kind: PartyKind; readonly identity: string }) => boolean;
}

/** Whether the agreement is of that kind. */
export function isOfKind<Kind extends Agreement['kind']>(
  signed: SignedAgreement,
  kind: Kind,
): signed is SignedAgreement<Extract<Agreement, { kind: Kind }>> {
  return signed.content.kind === kind;
}

/** Checks each signature against the identity that the agreement itself pins. */
export function checkAgreement<Content extends Agreement>(
  content: Content,
  signatures: AgreementSignatures,
  directory: Directory,
): SignedAgreement<Content> {
  const hash = agreementHashOf(content);
  const pins = new Map(content.parties.map((party) => [party.id, party]));
  const isParty: SignedAgreement['isParty'] = ({ id, kind, identity }) => {
    const pin = pins.get(id);
    return pin?.identity === identity && pin.kind === kind;
  };
  const pinned = (id: PartyId) => {
    const entry = directory.parties.get(id);
    return entry !== undefined && isParty({ ...entry, identity: entry.fingerprint }) ? entry : undefined;
  };
  // The identity is pinned, and so is what its key says of the signature; whether the directory has that party changes.
  const known = new Map<PartyId, boolean>();
  const hasSigned = (id: PartyId) => {
    const entry = pinned(id);
    const jws = signatures[id];
    if (entry === undefined || jws === undefined) return false;
    const has = known.get(id) ?? isSignedBy(id, entry, jws);
    known.set(id, has);
    return has;
  };
  const isSignedBy = (id: PartyId, entry: VerifiedEntry, jws: string) => {
    const key = identityKey(entry.identity);
    const verified = verifyJws(jws, type, (kid) => (kid === entry.fingerprint ? key : undefined));
    const signed = signedHash.safeParse(typeof verified === 'string' ? undefined : parseJson(verified.payload));
    return signed.success && signed.data.agreement === hash && signed.data.party === id;
  };
  const all = content.parties.map((party) => party.id);
  return {
    hash,
    content,
    get unsigned() {
      return all.filter((id) => !hasSigned(id));
    },
    get signatures() {
      return Object.fromEntries(Object.entries(signatures).filter(([id]) => pins.has(id) && hasSigned(id)));
    },
    pinned,
    sealingKeyOf: (id, at) => pinned(id) && directory.sealingKey(id, at),
    isParty,
  };
}
