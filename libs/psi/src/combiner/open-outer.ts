// Takes off the outer layer of a record that matched, by the shares that the other holders' gates open. What is inside
// stays sealed to the requester.
import { sharingOf } from '../holder/envelope.js';
import { unsealOnce } from '../holder/sealed-record.js';
import { saltBytes, shareBytes, type TokenShape } from '../holder/shape.js';
import { ShareMasks } from '../holder/share-masks.js';
import { join } from '../holder/split.js';
import type { ReleasedRecord } from './released.js';

/** How many choices of shares are tried: more than one is needed only where a holder gave a wrong gate. */
const mostChoices = 64;

/** What the requester gets of a record. */
export interface SealedRecord {
  /** 16 bytes. */
  readonly salt: Buffer;
  /** The record sealed: `recordBytes` + 16. */
  readonly inner: Buffer;
}

/** `query`: its ID. undefined where no choice of the gates opens it: then one of the holders did not do its part. */
export function openOuter(query: string, shape: TokenShape, released: ReleasedRecord): SealedRecord | undefined {
  const { holder, envelope, gates } = released;
  if (envelope.length !== shape.envelopeBytes || envelope.length === 0) return undefined;
  const salt = envelope.subarray(0, saltBytes);
  const masks = new ShareMasks(query, shape, holder);
  masks.salt(salt);
  const shares = gates.map((given, other) => {
    const found = new Map<string, Buffer>();
    given.forEach((gate, slot) => {
      if (gate === undefined) return;
      const at = saltBytes + (other * shape.keys + slot) * shareBytes;
      const share = Buffer.alloc(shareBytes);
      masks.apply(other, slot, gate, envelope.subarray(at, at + shareBytes), share, 0);
      found.set(share.toString('latin1'), share);
    });
    return [...found.values()];
  });
  masks.wipe();
  const sharing = sharingOf(shape);
  const outer = envelope.subarray(saltBytes + gates.length * shape.keys * shareBytes);
  let tried = 0;
  for (const choice of choices(shares, sharing.needed)) {
    if (tried++ === mostChoices) break;
    const secret = join(sharing, choice);
    const inner = secret && unsealOnce(secret, outer);
    if (inner !== undefined) return { salt, inner };
  }
  return undefined;
}

/** All ways to take one share each of `needed` of the others. */
function* choices(shares: readonly (readonly Buffer[])[], needed: number): Generator<(Buffer | undefined)[], void> {
  const [first, ...rest] = shares;
  if (first === undefined) {
    if (needed === 0) yield [];
    return;
  }
  if (needed > 0) for (const share of first) for (const more of choices(rest, needed - 1)) yield [share, ...more];
  for (const more of choices(rest, needed)) yield [undefined, ...more];
}
