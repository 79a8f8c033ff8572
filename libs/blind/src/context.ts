// What all holders of a query must agree on, byte for byte, before their masks cancel out. A requester that asks two
// holders about different people, or a relay that names different keys to them, gets masks that do not: no flag leaks.
import { lengthPrefixed } from './length-prefixed.js';

export interface MaskContext {
  /** Query ID: 32 lower-case hexadecimal digits. */
  readonly queryId: string;
  /** SHA-256 of the canonical agreement, base64url without padding. */
  readonly agreementHash: string;
  /** Canonical JSON (RFC 8785) of the fields that every holder receives; the subject key is among them. */
  readonly commonFields: Uint8Array;
  /** Party id of every holder of the agreement, oneself included, to the id of its mask key in force for this query. */
  readonly keyIds: Readonly<Record<string, string>>;
}

const labels = {
  flag: 'anonymesh/blind/flag/v1',
  check: 'anonymesh/blind/check/v1',
  weight: 'anonymesh/blind/weight/v1',
};

/** The query ID's 16 bytes, HKDF's salt. Throws a `RangeError` on anything but 32 lower-case hexadecimal digits. */
export function saltOf(context: MaskContext): Buffer {
  if (!/^[0-9a-f]{32}$/.test(context.queryId)) throw new RangeError('a query ID is 32 hexadecimal digits');
  return Buffer.from(context.queryId, 'hex');
}

/** The ids of all holders in byte order of their UTF-8 form, which is not JavaScript's own order. */
export function holdersOf(context: MaskContext): string[] {
  return Object.keys(context.keyIds).sort(byteOrder);
}

export function byteOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

/** HKDF's info for what two holders share; `lower` comes first in byte order, so that both write the same bytes. */
export function pairInfo(kind: 'flag' | 'check', context: MaskContext, lower: string, higher: string): Buffer {
  const ids = [lower, higher, keyIdOf(context, lower), keyIdOf(context, higher)];
  return lengthPrefixed([labels[kind], agreementOf(context), ...ids, context.commonFields]);
}

/** HKDF's info for what a holder derives alone: it fixes the whole context, so that no two contexts share a weight. */
export function ownInfo(context: MaskContext, self: string): Buffer {
  const ids = holdersOf(context).flatMap((holder) => [holder, keyIdOf(context, holder)]);
  return lengthPrefixed([labels.weight, agreementOf(context), self, ...ids, context.commonFields]);
}

function agreementOf(context: MaskContext): Buffer {
  const hash = Buffer.from(context.agreementHash, 'base64url');
  // Node's decoder skips what it does not know: only what it writes back the same way was one hash.
  if (hash.length !== 32 || hash.toString('base64url') !== context.agreementHash) {
    throw new RangeError('an agreement hash is a SHA-256 in base64url');
  }
  return hash;
}

function keyIdOf(context: MaskContext, holder: string): string {
  const keyId = Object.hasOwn(context.keyIds, holder) ? context.keyIds[holder] : undefined;
  if (!keyId) throw new RangeError('every holder has a mask key in force');
  return keyId;
}
