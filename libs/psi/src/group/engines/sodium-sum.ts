// Weighted sums by additions alone, for libsodium: by Pippenger's method, weights are cut into digits, each point is added
// to the bucket of its digit, and a bucket counts as often as its number. About three additions a point, where a product
// of each would cost twice that. Which bucket it is can be told from the cache by who shares this processor; weights are
// random and of one query.
import { BadPoint, pointBytes, weightBytes } from '../engine.js';

export interface Adder {
  /** Replaced when the memory grows, so never kept. */
  readonly HEAPU8: Uint8Array;
  /** Not 0 if one of the two is not canonical. */
  _crypto_core_ristretto255_add(sum: number, left: number, right: number): number;
  /** 1 if it is canonical. */
  _crypto_core_ristretto255_is_valid_point(point: number): number;
}

const weightBits = 8 * weightBytes;
const widestDigit = 7;

/** One point, which may be the identity, 32 zeros. `place`: an address in the library's memory with room for 131 points. */
export function sumInBuckets(adder: Adder, place: number, points: Uint8Array, weights: Uint8Array): Uint8Array {
  const count = points.length / pointBytes;
  const width = widthFor(count);
  const buckets = 2 ** width;
  const at = (index: number) => place + index * pointBytes;
  const [input, running, total] = [at(buckets), at(buckets + 1), at(buckets + 2)];
  const take = (index: number) =>
    adder.HEAPU8.set(points.subarray(index * pointBytes, (index + 1) * pointBytes), input);
  const isGood = (index: number) => {
    take(index);
    return adder._crypto_core_ristretto255_is_valid_point(input) === 1 && !isIdentity(adder.HEAPU8, input);
  };
  /** An addition finds a bad point, and says nothing of its place. */
  const requireGood = () => {
    for (let index = 0; index < count; index++) if (!isGood(index)) throw new BadPoint(index);
  };
  const add = (sum: number, other: number) => {
    if (isIdentity(adder.HEAPU8, other)) return;
    if (adder._crypto_core_ristretto255_add(sum, sum, other) !== 0) requireGood();
  };

  const weight = new DataView(weights.buffer, weights.byteOffset, weights.length);
  for (let index = 0; index < count; index++) {
    const isAdded = weight.getUint16(index * weightBytes, true) !== 0;
    if (isAdded ? isIdentity(points, index * pointBytes) : !isGood(index)) requireGood();
  }

  adder.HEAPU8.fill(0, place, at(buckets + 3));
  for (let shift = width * (Math.ceil(weightBits / width) - 1); shift >= 0; shift -= width) {
    for (let doubling = 0; doubling < width; doubling++) add(total, total);
    for (let index = 0; index < count; index++) {
      const bucket = (weight.getUint16(index * weightBytes, true) >> shift) % buckets;
      if (bucket === 0) continue;
      take(index);
      add(at(bucket), input);
    }
    // From the last bucket down: what is added up so far counts once more for each number.
    for (let bucket = buckets - 1; bucket > 0; bucket--) {
      add(running, at(bucket));
      add(total, running);
    }
    adder.HEAPU8.fill(0, place, total);
  }
  return adder.HEAPU8.slice(total, total + pointBytes);
}

/** The bits of a digit with which so many points take the fewest additions. */
function widthFor(count: number): number {
  const additions = (width: number) => Math.ceil(weightBits / width) * (count + 2 * 2 ** width);
  let best = 1;
  for (let width = 2; width <= widestDigit; width++) if (additions(width) < additions(best)) best = width;
  return best;
}

function isIdentity(bytes: Uint8Array, first: number): boolean {
  for (let at = first; at < first + pointBytes; at++) if (bytes[at] !== 0) return false;
  return true;
}
