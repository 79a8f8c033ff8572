// Where what stands in a token: one fixed layout for every record of every holder of a query, so that neither its size
// nor its look tells anything of the record (docs/protocol.md section 10).
import { holdersToMatch, type ReleaseMode, type SetAgreement } from '@anonymesh/protocol';

/** Bytes of a tag and of a gate. */
export const wordBytes = 16;
export const saltBytes = 16;
export const shareBytes = 32;
/** What AES-256-GCM adds. */
export const sealBytes = 16;

/** Plain data: it goes to worker threads as it is. All offsets and sizes are in bytes. */
export interface TokenShape {
  /** Ids of all holders, in byte order. */
  readonly holders: readonly string[];
  /** How many holders must hold a person for its records to match: 2 … n. */
  readonly needed: number;
  readonly release: ReleaseMode;
  /** Slots: alternative keys of a record. */
  readonly keys: number;
  readonly recordBytes: number;
  /** Tags stand first; gates after them, where records are released. */
  readonly gates: number;
  /** Salt, masked shares, outer layer: only `on-match`. */
  readonly envelope: number;
  readonly envelopeBytes: number;
  /** The whole token. */
  readonly bytes: number;
}

export function tokenShape(
  agreement: Pick<SetAgreement, 'holders' | 'combination' | 'keys' | 'record' | 'release'>,
): TokenShape {
  const { release } = agreement;
  const holders = agreement.holders.map(({ id }) => id).sort();
  const keys = agreement.keys.length;
  const recordBytes = agreement.record.bytes;
  const gates = keys * wordBytes;
  const slots = (holders.length - 1) * keys;
  const envelope = gates + (release === 'count' ? 0 : slots * wordBytes);
  const envelopeBytes = release === 'on-match' ? saltBytes + slots * shareBytes + outerBytes(recordBytes) : 0;
  const needed = holdersToMatch(agreement);
  return {
    holders,
    needed,
    release,
    keys,
    recordBytes,
    gates,
    envelope,
    envelopeBytes,
    bytes: envelope + envelopeBytes,
  };
}

/** The record as sealed for the requester. */
export function innerBytes(recordBytes: number): number {
  return recordBytes + sealBytes;
}

/** And the layer around it that the other holders' gates open. */
export function outerBytes(recordBytes: number): number {
  return innerBytes(recordBytes) + sealBytes;
}

/** The other holders, in byte order: the order of gates and shares in this holder's tokens. */
export function othersOf(shape: TokenShape, holder: string): readonly string[] {
  const others = shape.holders.filter((id) => id !== holder);
  if (others.length !== shape.holders.length - 1) throw new TypeError('not a holder of this query');
  return others;
}
