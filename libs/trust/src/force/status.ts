// A party's status of an agreement, as a document of its own: signed, so that whoever passes it on can change nothing. In
// force for at most a day, by the party's node; withdrawn for ever, by its node or by its identity.
import {
  canonicalBytes,
  instant,
  parseJson,
  partyId,
  sha256Text,
  signJws,
  verifyJws,
  wasRevoked,
  type PartyId,
  type SigningKey,
} from '@anonymesh/protocol';
import { z } from 'zod';
import type { Directory } from '../directory.js';
import { identityKey } from '../fingerprint.js';
import type { SignedAgreement } from '../signed-agreement.js';
import type { Status } from './in-force.js';

const type = 'anonymesh-agreement-status';

/** No status is good for longer. Milliseconds. */
export const longestStatus = 24 * 3_600_000;

const content = z
  .strictObject({
    agreement: sha256Text,
    party: partyId,
    /** Grows with each status of this party. */
    sequence: z.int().min(1),
    state: z.enum(['in-force', 'withdrawn']),
    from: instant,
    until: instant,
  })
  .refine(({ from, until }) => from < until && until - from <= longestStatus, 'must be good for at most a day');
export type StatusContent = z.infer<typeof content>;

/** `by`: the node's signing key, or, of a withdrawal, the party's identity key. */
export function signStatus(status: StatusContent, by: SigningKey): Promise<string> {
  return signJws(canonicalBytes(content.parse(status)), type, by);
}

/** The status, if it is of this agreement, by a party to it, with a key that chains to the identity that is pinned there. */
export function verifyStatus(
  jws: string,
  { hash, pinned }: SignedAgreement,
  directory: Directory,
): (Status & { readonly party: PartyId }) | undefined {
  const claimed = content.safeParse(parseJson(Buffer.from(jws.split('.', 2)[1] ?? '', 'base64url')));
  if (!claimed.success || claimed.data.agreement !== hash) return undefined;
  const entry = pinned(claimed.data.party);
  if (entry === undefined) return undefined;
  const { state, from } = claimed.data;
  const verified = verifyJws(jws, type, (kid) => {
    if (kid === entry.fingerprint) return state === 'withdrawn' ? identityKey(entry.identity) : undefined;
    const signer = directory.pastSigner(kid);
    if (signer?.id !== entry.id || wasRevoked(signer, from)) return undefined;
    // A withdrawal counts as well by a key that has been retired since: who could withdraw once has withdrawn. That it is
    // in force nobody is told by a key that has been revoked: whoever stole it writes whatever time suits him.
    const isLive = signer.revokedAt === undefined && directory.signer(kid, from) !== undefined;
    return state === 'withdrawn' || isLive ? signer.key : undefined;
  });
  if (typeof verified === 'string' || !canonicalBytes(claimed.data).equals(verified.payload)) return undefined;
  const { party, sequence, until } = claimed.data;
  return { party, state, sequence, from, until };
}
