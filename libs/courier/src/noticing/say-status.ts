// What this node says of an agreement: in force, for a while, as long as it can be. Never that it is withdrawn: that is for
// people to say (docs/agreements.md), and what this node has said before does not change it.
import type { PartyId, SigningKey } from '@anonymesh/protocol';
import { signStatus, type SignedAgreement, type Standing } from '@anonymesh/trust';

export interface Saying {
  /** Milliseconds between two statuses of one agreement, and for which one of them is good. */
  readonly renewEvery: number;
  readonly goodFor: number;
}

/** `status`: say that it is in force. `again`: nothing new, but others may have forgotten, or never heard. */
export type Due = 'status' | 'again' | undefined;

/** `saidAt`: when this process last told of it, milliseconds since 1970; 0 before it has. */
export function dueOf(
  self: PartyId,
  { content, signatures }: SignedAgreement,
  standing: Standing,
  saidAt: number,
  { now, renewEvery }: Pick<Saying, 'renewEvery'> & { readonly now: number },
): Due {
  const today = new Date(now).toISOString().slice(0, 10);
  const hasWithdrawn = standing.standing === 'withdrawn' && standing.by.includes(self);
  const isOurs = signatures[self] !== undefined || hasWithdrawn;
  if (!isOurs) return undefined;
  // What is past may still replace an older version, of which others have to know; once in a process is enough.
  if (today > content.validity.until) return saidAt === 0 ? 'again' : undefined;
  const isDue = now - saidAt >= renewEvery;
  const canRun = standing.standing === 'in-force' || standing.standing === 'waiting';
  if (!canRun) return isDue ? 'again' : undefined;
  const isMissed = standing.standing === 'waiting' && standing.for.includes(self);
  return isDue || isMissed ? 'status' : undefined;
}

/**
 * `before`: the sequence of the last one, if it is known. A node that lost its store goes on by the clock. Whoever had our
 * key may have said the highest that there is.
 */
export function sayInForce(
  agreement: string,
  party: PartyId,
  signing: SigningKey,
  { now, goodFor, before = 0 }: Pick<Saying, 'goodFor'> & { readonly now: number; readonly before?: number },
): Promise<string> {
  const sequence = Math.min(Math.max(now, before + 1), Number.MAX_SAFE_INTEGER);
  return signStatus({ agreement, party, sequence, state: 'in-force', from: now, until: now + goodFor }, signing);
}
