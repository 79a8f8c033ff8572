// What a holder derives from T(x), the point that only who holds x comes to: the tag by which the aggregator finds equal
// keys, and for each other holder the gates between the two, which nobody else can compute.
import { othersOf, type TokenShape, wordBytes } from './shape.js';
import { Hkdf, infoOf } from './hkdf.js';

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

/** `wanted`: gates take most of the time, so who needs none of them, or not `ours`, says so and gets zeros there. */
export function wordsOf(
  { query, shape, holder, pairSecrets, points }: WordsInput,
  wanted: 'tags' | 'theirs' | 'all' = 'all',
): Words {
  if (points.length % pointBytes !== 0) throw new RangeError('points are 32 bytes each');
  const others = othersOf(shape, holder).map((other) => pairWith(holder, other, pairSecrets[other]));
  const count = points.length / pointBytes;
  const tags = Buffer.alloc(count * wordBytes);
  const theirs = Buffer.alloc(count * others.length * wordBytes);
  const ours = Buffer.alloc(count * others.length * wordBytes);
  const tagInfo = infoOf('anonymesh/psi/tag/v1');
  const hkdf = new Hkdf(Buffer.from(query, 'hex'), 2 * pointBytes);
  const input = Buffer.alloc(2 * pointBytes);
  for (let index = 0, gate = 0; index < count; index++) {
    input.set(points.subarray(index * pointBytes, (index + 1) * pointBytes));
    hkdf.extract(input.subarray(0, pointBytes));
    hkdf.expand(tagInfo, tags, index * wordBytes, wordBytes);
    if (wanted === 'tags') continue;
    for (const { secret, oursInfo, theirsInfo } of others) {
      input.set(secret, pointBytes);
      hkdf.extract(input);
      hkdf.expand(theirsInfo, theirs, gate, wordBytes);
      if (wanted === 'all') hkdf.expand(oursInfo, ours, gate, wordBytes);
      gate += wordBytes;
    }
  }
  hkdf.wipe();
  input.fill(0);
  return { tags, theirs, ours };
}

function pairWith(holder: string, other: string, secret: Uint8Array | undefined) {
  if (secret?.length !== 32) throw new RangeError('a pair secret is 32 bytes');
  const oursInfo = infoOf('anonymesh/psi/gate/v1', holder, other);
  const theirsInfo = infoOf('anonymesh/psi/gate/v1', other, holder);
  return { secret, oursInfo, theirsInfo };
}
