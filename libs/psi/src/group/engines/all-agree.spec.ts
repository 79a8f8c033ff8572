import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomInt } from 'node:crypto';
import { BadPoint, type Engine } from '../engine.js';
import { bytesOf, edgeElements, expectedProducts, numberOf, order, randomElement } from '../fixtures/elements.js';
import { chooseEngine, enginesHere } from './choose.js';
import { openKernel } from './native-kernel.js';

// A short comparison of all engines with each other, with @noble/curves and libsodium among them. `PSI_PROOF=whole` makes it
// the long one: a quarter of an hour on two cores (docs/decisions/0010).
const isWhole = process.env['PSI_PROOF'] === 'whole';
const points = isWhole ? 100_000 : 300;
const encodings = isWhole ? 10_000 : 400;
const products = isWhole ? 1_000_000 : 10_000;
const fuzzMilliseconds = isWhole ? 300_000 : 2_000;
const patience = isWhole ? 3_600_000 : 60_000;
const names = await enginesHere();
const kernel = openKernel();

const anyScalar = () => bytesOf(1n + (numberOf(randomBytes(32)) % (order - 1n)));
/** 1, ℓ − 1, and around every border of limbs of 51 bits, of words, and of digits. */
const edges = [...edgeElements().map((value) => value % order), 2n ** 64n, 2n ** 128n, 2n ** 252n, 8n, order / 2n]
  .flatMap((value) => [value, value + 1n, order - 1n - value])
  .filter((value) => value > 0n && value < order);

let engines: Engine[];
beforeAll(async () => {
  engines = await Promise.all(names.map((name) => chooseEngine(name)));
});

/** What all of them give, or the place that all refuse. */
function agreed(compute: (engine: Engine) => Uint8Array): Buffer | number {
  const [first, ...others] = engines.map((engine) => {
    try {
      return Buffer.from(compute(engine));
    } catch (cause) {
      if (cause instanceof BadPoint) return cause.index;
      throw cause;
    }
  });
  if (first === undefined) throw new Error('no engine runs here');
  for (const [index, other] of others.entries())
    if (Buffer.isBuffer(first) && Buffer.isBuffer(other) ? first.compare(other) !== 0 : first !== other)
      throw new Error(`${names[index + 1]} differs from ${names[0]}`);
  return first;
}

describe(`the engines ${names.join(', ')}`, () => {
  it(
    'agree on random points, by random scalars and weights',
    () => {
      for (let done = 0; done < points; done += 100) {
        const [uniform, scalar, weights] = [randomBytes(100 * 64), anyScalar(), randomBytes(200)];
        const hashed = agreed((engine) => engine.hash(uniform)) as Buffer;
        expect(agreed((engine) => engine.multiply(hashed, scalar, weights))).toEqual(
          agreed((engine) => engine.hashAndMultiply(uniform, scalar, weights)),
        );
      }
    },
    patience,
  );

  it(
    'agree on scalars at the edges',
    () => {
      const three = randomBytes(3 * 64);
      const hashed = agreed((engine) => engine.hash(three)) as Buffer;
      for (const scalar of isWhole ? edges : edges.filter((_, at) => at % 4 === 0))
        expect(agreed((engine) => engine.multiply(hashed, bytesOf(scalar)))).toBeInstanceOf(Buffer);
    },
    patience,
  );

  it(
    'agree on what is an encoding and what is not',
    () => {
      let refused = 0;
      for (let done = 0; done < encodings; done++) {
        const some = randomBytes(32);
        // Half of them even and below p: of these every second or so is a point.
        if (done % 2 === 0) [some[0], some[31]] = [(some[0] ?? 0) & 254, (some[31] ?? 0) & 127];
        if (typeof agreed((engine) => engine.multiply(some, bytesOf(3n))) === 'number') refused += 1;
      }
      expect(refused).toBeGreaterThan(encodings / 2);
      expect(refused).toBeLessThan(encodings * 0.95);
    },
    patience,
  );

  it(
    'agree on batches of any size with bits changed, for as long as the fuzz run lasts',
    () => {
      const until = Date.now() + fuzzMilliseconds;
      while (Date.now() < until) {
        const count = 1 + randomInt(40);
        const uniform = randomBytes(count * 64);
        const batch = agreed((engine) => engine.hash(uniform)) as Buffer;
        for (let flips = randomInt(3); flips > 0; flips--) {
          const bit = randomInt(batch.length * 8);
          batch[bit >> 3] = (batch[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        }
        const [scalar, weights] = [anyScalar(), randomBytes(count * 2)];
        agreed((engine) => engine.multiply(batch, scalar, weights));
        agreed((engine) => engine.sum(batch, weights));
      }
    },
    patience,
  );

  (kernel === undefined ? it.skip : it)(
    'rest on products of field elements that are right at extreme limbs',
    () => {
      for (let done = 0; done < products; done += 10_000) {
        const pairs = Array.from({ length: 10_000 }, (): [bigint, bigint] => [randomElement(), randomElement()]);
        const packed = Buffer.concat(pairs.flat().map(bytesOf));
        const results = Buffer.alloc(packed.length);
        kernel?.multiplyElements(results, packed, packed);
        const right = Buffer.concat(expectedProducts(pairs).map(bytesOf));
        expect(results.compare(right)).toBe(0);
      }
    },
    patience,
  );
});
