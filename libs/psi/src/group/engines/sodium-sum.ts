// Weighted sums by additions alone, for libsodium: by Pippenger's method, each point is added to the bucket of a byte of its
// weight, and a bucket counts as often as its number. Three additions a point, where a product of each would cost twice
// that. Which bucket it is can be told from the cache by who shares this processor; weights are random and of one query.
import { BadPoint, pointBytes, weightBytes } from '../engine.js';

export interface Adder {
  /** Replaced when the memory grows, so never kept. */
  readonly HEAPU8: Uint8Array;
  /** Not 0 if one of the two is not canonical. */
  _crypto_core_ristretto255_add(sum: number, left: number, right: number): number;
  /** 1 if it is canonical. */
  _crypto_core_ristretto255_is_valid_point(point: number): number;
}

const buckets = 2 ** 8;

/** So many points take the room that a sum needs. */
const sumPlaces = buckets + 3;

/** One point, which may be the identity, 32 zeros. `place`: an address in the library's memory with that room. */
export function sumInBuckets(adder: Adder, place: number, points: Uint8Array, weights: Uint8Array): Uint8Array {
  const at = (index: number) => place + index * pointBytes;
  const [input, running, total] = [at(buckets), at(buckets + 1), at(buckets + 2)];
  const add = (sum: number, other: number) => adder._crypto_core_ristretto255_add(sum, sum, other) === 0;
  const take = (index: number) =>
    adder.HEAPU8.set(points.subarray(index * pointBytes, (index + 1) * pointBytes), input);
  const isGood = (index: number) => {
    take(index);
    return adder._crypto_core_ristretto255_is_valid_point(input) === 1 && !isIdentity(points, index);
  };
  const count = points.length / pointBytes;
  // An addition finds a bad point, and says nothing of its place.
  const requireGood = () => {
    for (let index = 0; index < count; index++) if (!isGood(index)) throw new BadPoint(index);
  };

  adder.HEAPU8.fill(0, place, at(sumPlaces));
  for (const byte of [1, 0]) {
    for (let doubling = 0; doubling < 8; doubling++) add(total, total);
    for (let index = 0; index < count; index++) {
      const [bucket, other] = [byte, 1 - byte].map((each) => weights[index * weightBytes + each] ?? 0) as [
        number,
        number,
      ];
      take(index);
      if (bucket === 0 ? other === 0 && !isGood(index) : isIdentity(points, index) || !add(at(bucket), input))
        requireGood();
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

function isIdentity(points: Uint8Array, index: number): boolean {
  for (let at = index * pointBytes; at < (index + 1) * pointBytes; at++) if (points[at] !== 0) return false;
  return true;
}
