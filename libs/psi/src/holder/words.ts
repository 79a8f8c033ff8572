// What a holder derives from T(x), the point that only who holds x comes to: the tag by which the aggregator finds equal
// keys, and for each other holder the gates between the two, which nobody else can compute.
import { othersOf, type TokenShape, wordBytes } from './shape.js';
import { digestBytes, digestsByNode } from '../group/digests.js';
import type { Digests } from '../group/engine.js';
import { infoOf } from './hkdf.js';
import { HkdfMany } from './hkdf-many.js';

export interface WordsInput {
  /** The query ID. */
  readonly query: string;
  readonly shape: TokenShape;
  readonly holder: string;
  /** For each other holder the secret that its mask key and this holder's agree on: 32 bytes. */
  readonly pairSecrets: Readonly<Record<string, Uint8Array>>;
  /** T(x), packed: n × 32 bytes. */
  readonly points: Uint8Array;
}

/** Packed, in the order of the points. */
export interface Words {
  /** n × 16 bytes. */
  readonly tags: Buffer;
  /** g(j→i): what this holder gives to open the records of j; n × others × 16 bytes. */
  readonly theirs: Buffer;
  /** g(i→j): what j gives to open this holder's records; as many. */
  readonly ours: Buffer;
}

const pointBytes = 32;

/** Points that are hashed at once: what a processor's cache holds. */
const atOnce = 512;

/** `wanted`: gates take most of the time, so who needs none of them, or not `ours`, says so and gets zeros there. */
export function wordsOf(
  { query, shape, holder, pairSecrets, points }: WordsInput,
  wanted: 'tags' | 'theirs' | 'all' = 'all',
  digests: Digests = digestsByNode,
): Words {
  if (points.length % pointBytes !== 0) throw new RangeError('points are 32 bytes each');
  const others = othersOf(shape, holder).map((other) => pairWith(holder, other, pairSecrets[other]));
  const count = points.length / pointBytes;
  const tags = Buffer.alloc(count * wordBytes);
  const theirs = Buffer.alloc(count * others.length * wordBytes);
  const ours = Buffer.alloc(count * others.length * wordBytes);
  const hkdf = new HkdfMany(digests, Buffer.from(query, 'hex'), Math.min(count, atOnce));
  for (let first = 0; first < count; first += atOnce) {
    const some = points.subarray(first * pointBytes, (first + atOnce) * pointBytes);
    /** A word of each point, put where it belongs among `each` words of a point. */
    const put = (info: Uint8Array, into: Buffer, place: number, each: number) => {
      const expanded = hkdf.expand(info);
      for (let index = 0; index * digestBytes < expanded.length; index++) {
        const from = index * digestBytes;
        into.set(expanded.subarray(from, from + wordBytes), ((first + index) * each + place) * wordBytes);
      }
    };
    hkdf.extract(some, pointBytes);
    put(tagInfo, tags, 0, 1);
    if (wanted === 'tags') continue;
    for (const [place, { secret, oursInfo, theirsInfo }] of others.entries()) {
      hkdf.extract(some, pointBytes, secret);
      put(theirsInfo, theirs, place, others.length);
      if (wanted === 'all') put(oursInfo, ours, place, others.length);
    }
  }
  hkdf.wipe();
  return { tags, theirs, ours };
}

const tagInfo = infoOf('anonymesh/psi/tag/v1');

function pairWith(holder: string, other: string, secret: Uint8Array | undefined) {
  if (secret?.length !== 32) throw new RangeError('a pair secret is 32 bytes');
  const oursInfo = infoOf('anonymesh/psi/gate/v1', holder, other);
  const theirsInfo = infoOf('anonymesh/psi/gate/v1', other, holder);
  return { secret, oursInfo, theirsInfo };
}
