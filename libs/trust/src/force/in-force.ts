// Whether an agreement may be run now, from what a node has learned: a plain function of facts that were verified before.
// Facts only ever add up, in whatever order and however often they come, so that all who know the same conclude the same;
// where anything is in doubt, nothing is run.
import type { PartyId } from '@anonymesh/protocol';

/** Of an agreement, what matters here. */
export interface Terms {
  readonly id: string;
  readonly version: number;
  readonly parties: readonly PartyId[];
  /** Days, yyyy-mm-dd, both included. */
  readonly validity: { readonly from: string; readonly until: string };
}

/** What a party's node says of an agreement; milliseconds since 1970. */
export interface Status {
  readonly state: 'in-force' | 'withdrawn';
  readonly sequence: number;
  readonly from: number;
  readonly until: number;
}

/** All by the hash of the agreement. */
export interface Known {
  readonly terms: ReadonlyMap<string, Terms>;
  /** Whose signature over this hash was verified. */
  readonly signed: ReadonlyMap<string, ReadonlySet<PartyId>>;
  /** Of each party the status that counts: see `counting`. */
  readonly statuses: ReadonlyMap<string, ReadonlyMap<PartyId, Status>>;
}

/**
 * `waiting`: it can still come into force without anybody signing anything anew but a status. The others are for good, but
 * for a missing signature and for the first day of its validity.
 */
export type Standing =
  | { readonly standing: 'in-force' }
  | { readonly standing: 'waiting' | 'unsigned'; readonly for: readonly PartyId[] }
  | { readonly standing: 'withdrawn'; readonly by: readonly PartyId[] }
  | { readonly standing: 'superseded'; readonly newer: number }
  | { readonly standing: 'unknown' | 'in-conflict' | 'not-valid-today' };

/** Clocks differ: a status from this far ahead counts already. Milliseconds. */
const tolerance = 5 * 60_000;

export function inForce(hash: string, known: Known, now: number): Standing {
  const terms = known.terms.get(hash);
  if (terms === undefined) return { standing: 'unknown' };
  const statuses = known.statuses.get(hash) ?? new Map<PartyId, Status>();
  const withdrawn = terms.parties.filter((party) => statuses.get(party)?.state === 'withdrawn');
  if (withdrawn.length > 0) return { standing: 'withdrawn', by: withdrawn };
  const today = new Date(now).toISOString().slice(0, 10);
  const others = [...known.terms].filter(([other, { id }]) => other !== hash && id === terms.id);
  const signedOthers = others.filter(([other]) => isSignedByAll(other, known));
  // Two of one version that all have signed: nobody can say which of them was meant.
  if (signedOthers.some(([, { version }]) => version === terms.version)) return { standing: 'in-conflict' };
  // Also where the newer one was withdrawn, or is past: an older version never comes back.
  const begun = signedOthers.map(([, each]) => each).filter(({ validity }) => validity.from <= today);
  const newer = Math.max(...begun.map((each) => each.version));
  if (newer > terms.version) return { standing: 'superseded', newer };
  const unsigned = unsignedBy(hash, known);
  if (unsigned.length > 0) return { standing: 'unsigned', for: unsigned };
  if (today < terms.validity.from || today > terms.validity.until) return { standing: 'not-valid-today' };
  const silent = terms.parties.filter((party) => !isAlive(statuses.get(party), now));
  return silent.length === 0 ? { standing: 'in-force' } : { standing: 'waiting', for: silent };
}

/** For good: whatever comes, it is never run again. */
export function isEnded({ standing }: Standing): boolean {
  return standing === 'withdrawn' || standing === 'superseded' || standing === 'in-conflict';
}

/** Of two statuses of one party the one that counts: a withdrawal for ever, else what was said last. */
export function counting(one: Status | undefined, other: Status): Status {
  if (one === undefined) return other;
  if (one.state !== other.state) return one.state === 'withdrawn' ? one : other;
  if (one.sequence !== other.sequence) return one.sequence > other.sequence ? one : other;
  return one.until >= other.until ? one : other;
}

function isSignedByAll(hash: string, known: Known): boolean {
  return known.terms.has(hash) && unsignedBy(hash, known).length === 0;
}

function unsignedBy(hash: string, { terms, signed }: Known): PartyId[] {
  const signers = signed.get(hash);
  return terms.get(hash)?.parties.filter((party) => signers?.has(party) !== true) ?? [];
}

function isAlive(status: Status | undefined, now: number): boolean {
  return status !== undefined && status.state === 'in-force' && status.from - tolerance <= now && now < status.until;
}
