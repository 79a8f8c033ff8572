// The holder's part of the blind combination (docs/protocol.md, "Blind combination of flags"): one flag becomes a
// number that alone says nothing. Only the sum over all holders means something, and only to whoever has them all.
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha512 } from '@noble/hashes/sha2.js';
import type { PairSecrets } from './agree.js';
import { type Combination, requireCombination } from './combination.js';
import { byteOrder, holdersOf, type MaskContext, ownInfo, pairInfo, saltOf } from './context.js';
import { add, encodeScalar, reduceWide, reduceWideNonZero, scalarBytes, subtract } from './scalar.js';

export interface MaskInput {
  /** One's own party id, a key of `context.keyIds`. */
  readonly self: string;
  /** Whether the template found a concern. */
  readonly flag: boolean;
  readonly combination: Combination;
  readonly context: MaskContext;
  /** One secret for each other holder in `context.keyIds`; more are ignored. */
  readonly pairSecrets: PairSecrets;
  /** The 32 bytes of one's own X25519 private mask key, `d` of its JWK: the seed of the weight, which nobody shares. */
  readonly ownMaskSecret: Uint8Array;
}

/** Both are numbers below ℓ, the order of ristretto255, in 32 bytes, little-endian. */
export interface MaskedFlag {
  /** Mask plus flag: the masks of all holders add up to zero. */
  readonly masked: Uint8Array;
  /** A second mask and nothing else: unless all add up to zero, the holders did not answer the same question. */
  readonly check: Uint8Array;
}

/**
 * The same input always gives the same bytes. Mask one flag per query: the difference of two masked flags of one context
 * is the difference of the flags. Throws a `RangeError` on a context that is malformed or does not fit the secrets (fewer
 * than two holders, `self` not among them, a secret missing or not of 32 bytes).
 */
export function maskFlag(input: MaskInput): MaskedFlag {
  const { self, flag, combination, context, pairSecrets, ownMaskSecret } = input;
  const holders = holdersOf(context);
  requireCombination(combination, holders.length);
  if (!holders.includes(self)) throw new RangeError('only a holder of the agreement can answer');

  const salt = saltOf(context);
  let masked = weighFlag(
    combination === 'all' ? !flag : flag,
    input,
    extract(sha512, requireSecret(ownMaskSecret), salt),
  );
  let check = 0n;
  for (const peer of holders.filter((holder) => holder !== self)) {
    const pair = extract(sha512, requireSecret(pairSecrets.get(peer)), salt);
    const selfIsLower = byteOrder(self, peer) < 0;
    const [lower, higher] = selfIsLower ? [self, peer] : [peer, self];
    // One of the two adds what the other takes away: that is why all masks together are zero.
    const settle = selfIsLower ? add : subtract;
    masked = settle(masked, reduceWide(derive(pair, pairInfo('flag', context, lower, higher))));
    check = settle(check, reduceWide(derive(pair, pairInfo('check', context, lower, higher))));
  }
  return { masked: encodeScalar(masked), check: encodeScalar(check) };
}

// Where flags are counted each weighs 1. Elsewhere each has a random weight, so that the sum says "one or more" and not
// how many. The weight is derived also when it is not used: both answers take the same work.
function weighFlag(flag: boolean, { combination, context, self }: MaskInput, ownKey: Uint8Array): bigint {
  const random = reduceWideNonZero(derive(ownKey, ownInfo(context, self)));
  const weight = typeof combination === 'object' ? 1n : random;
  return flag ? weight : 0n;
}

// HKDF-SHA512's second step (RFC 5869 §2.3). The first is done once per secret and query. Node's own HKDF would do both
// each time, and takes no more than 1,024 bytes of info, which ends in all the fields that every holder receives.
function derive(pseudorandomKey: Uint8Array, info: Uint8Array): Uint8Array {
  return expand(sha512, pseudorandomKey, info, 2 * scalarBytes);
}

function requireSecret(secret: Uint8Array | undefined): Uint8Array {
  if (secret?.length !== 32) throw new RangeError('a mask secret is 32 bytes, one for each other holder');
  return secret;
}
