// The ring in which holders pass their lists on: in byte order of their ids, the last to the first.
import type { PartyId, SetAgreement } from '@anonymesh/protocol';
import { pointsInChunk } from '@anonymesh/protocol-asking';

export interface Ring {
  readonly next: PartyId;
  readonly previous: PartyId;
}

/** Throws where the holder is none of the agreement. */
export function ringOf({ holders }: Pick<SetAgreement, 'holders'>, self: PartyId): Ring {
  const ids = holders.map(({ id }) => id).sort();
  const place = ids.indexOf(self);
  const [next, previous] = [ids[(place + 1) % ids.length], ids.at(place - 1)];
  if (place === -1 || next === undefined || previous === undefined) throw new TypeError('not a holder of this query');
  return { next, previous };
}

/** Keys in every chunk but the last: in each chunk one point more is hidden, by which honest hops are known. */
export const keysInChunk = pointsInChunk - 1;

/** Chunks that share a transaction: each takes its time, however much is written in it. */
export const chunksAtOnce = 4;

/** Keys of a list: one for each slot of its records, and the control. */
export function keysOf({ keys }: Pick<SetAgreement, 'keys'>, records: number): number {
  return records * keys.length + 1;
}

/** Points of a list on its way: its keys, and one in each chunk. */
export function pointsOf(agreement: Pick<SetAgreement, 'keys'>, records: number): number {
  const keys = keysOf(agreement, records);
  return keys + Math.ceil(keys / keysInChunk);
}

/** Records of a list of so many points; no whole number where no list has so many. */
export function recordsOf({ keys }: Pick<SetAgreement, 'keys'>, points: number): number {
  return (points - chunksOf(points) - 1) / keys.length;
}

export function chunksOf(points: number): number {
  return Math.ceil(points / pointsInChunk);
}

/** How many points a chunk of such a list has; 0 where it has no such chunk. */
export function pointsIn(chunk: number, points: number): number {
  return Math.max(0, Math.min(pointsInChunk, points - chunk * pointsInChunk));
}
