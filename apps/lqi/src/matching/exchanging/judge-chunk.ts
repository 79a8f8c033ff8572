// Whether a chunk is one that its sender may send here: of this query and agreement, from the holder before us in the
// ring, of a list that can be, and as long as it must be.
import { isOfKind, type SignedAgreement } from '@anonymesh/trust';
import type { BodyOf, OpenedChunk, PartyId, RefusalCode } from '@anonymesh/protocol';
import type { exchange } from '@anonymesh/protocol-asking';
import { bucketOf } from '@anonymesh/psi';
import type { SetQuery } from '../../store/set-queries.js';
import { pointsIn, pointsOf, recordsOf, ringOf } from './ring.js';

export type ChunkLetter = OpenedChunk<BodyOf<typeof exchange>>;

/** Undefined where it may be taken. */
export function judgeChunk(
  { body, from, attachment, chunk }: ChunkLetter,
  query: Pick<SetQuery, 'agreement' | 'records' | 'sent'>,
  signed: SignedAgreement | undefined,
  self: PartyId,
): RefusalCode | undefined {
  if (signed === undefined || body.agreement !== query.agreement || signed.hash !== query.agreement)
    return 'query-differs';
  if (!isOfKind(signed, 'set')) return 'query-differs';
  const agreement = signed.content;
  if (!signed.isParty(from) || from.id !== ringOf(agreement, self).previous) return 'wrong-sender';
  const { owner, points } = body;
  if (!agreement.holders.some(({ id }) => id === owner)) return 'malformed';
  const records = recordsOf(agreement, points);
  if (!Number.isInteger(records) || bucketOf(records) !== records) return 'malformed';
  if (points !== pointsOf(agreement, records)) return 'malformed';
  if (records > bucketOf(agreement.limits.records.most)) return 'too-large';
  // Nothing of ours is on its way that we have not sent.
  if (owner === self && (points !== pointsOf(agreement, query.records) || chunk >= query.sent)) return 'malformed';
  const expected = pointsIn(chunk, points);
  return expected === 0 || attachment.length !== expected * 32 ? 'malformed' : undefined;
}
