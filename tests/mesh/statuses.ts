// What parties' nodes say of an agreement, as they sign it.
import type { PartyId } from '@anonymesh/protocol';
import { longestStatus, signStatus, type SignedAgreement } from '@anonymesh/trust';
import type { Parties } from './make-parties.js';

export interface Said {
  readonly state?: 'in-force' | 'withdrawn';
  /** Milliseconds since 1970; now, unless told. Also the sequence, unless that is told. */
  readonly at?: number;
  readonly sequence?: number;
  /** The identity key, instead of the node's. */
  readonly byIdentity?: boolean;
}

export function statusOf(
  parties: Parties,
  id: PartyId,
  agreement: string,
  { state = 'in-force', at = Date.now(), sequence = at, byIdentity = false }: Said = {},
): Promise<string> {
  const { identity, signing } = parties.party(id);
  const content = { agreement, party: id, sequence, state, from: at, until: at + longestStatus };
  return signStatus(content, byIdentity ? identity : signing);
}

/** All that makes an agreement run: as one notice may say it. */
export async function aliveNotice(parties: Parties, { hash, content, signatures }: SignedAgreement) {
  const statuses = await Promise.all(content.parties.map(({ id }) => statusOf(parties, id, hash)));
  return { agreement: content, signatures, statuses };
}
