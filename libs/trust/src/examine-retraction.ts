// Examines a letter that takes a query back, as every party that receives one must: the relay is believed nothing. What
// is taken back is the query of the manifest, by the requester that signed it, under an agreement that names both.
import {
  askedUnder,
  deadlinesOf,
  verifyRetraction,
  type Asked,
  type BodyOf,
  type Opened,
  type QueryId,
  type RefusalCode,
  type retract,
} from '@anonymesh/protocol';
import type { SignedAgreement } from './signed-agreement.js';
import type { Trust } from './trust-files.js';

export interface ExaminedRetraction {
  readonly queryId: QueryId;
  readonly asked: Asked;
  readonly signed: SignedAgreement;
}

/** The query that is taken back; `deadline-passed` where it has ended by itself. `now`: milliseconds since 1970. */
export function examineRetraction(
  { body, from, queryId }: Pick<Opened<BodyOf<typeof retract>>, 'body' | 'from' | 'queryId'>,
  { directory, agreements }: Trust,
  now: number,
): ExaminedRetraction | RefusalCode {
  const keys = { now: (kid: string) => directory.signer(kid, now), ever: directory.pastSigner };
  const verified = verifyRetraction(body, keys, now);
  if (typeof verified === 'string') return verified;
  const { manifest, requester } = verified;
  if (verified.queryId !== queryId) return 'query-differs';
  const signed = agreements.get(manifest.agreement);
  if (signed === undefined) return 'unknown-agreement';
  if (signed.unsigned.length > 0) return 'agreement-not-signed';
  if (!signed.isParty(requester) || !signed.isParty(from)) return 'key-not-pinned';
  if (from.kind === 'requester' && from.id !== requester.id) return 'wrong-sender';
  const asked = askedUnder(manifest, signed.content);
  if (asked === undefined) return 'query-differs';
  return deadlinesOf(manifest, signed.content).outcome <= now ? 'deadline-passed' : { queryId, asked, signed };
}
