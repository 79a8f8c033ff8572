// Has an engine compute the vectors of RFC 9496 and one of RFC 9497, and digests as Node does, before it touches a query: a build that the
// machine runs wrongly would answer with points that match nobody, and nobody would see it.
import { digestsByNode } from '../digests.js';
import { BadPoint, pointBytes, type Engine } from '../engine.js';
import { badEncodings, derivations, multiples } from '../rfc9496-vectors.js';

/** The engine, if it is right. Throws an Error that says what it got wrong. */
export function selfTest(engine: Engine): Engine {
  const points = Buffer.concat(multiples.slice(1, 8));
  const doubled = Buffer.concat(multiples.filter((_, index) => index > 0 && index % 2 === 0));
  expect(engine, 'a product', engine.multiply(points, scalar(2)), doubled);
  expect(
    engine,
    'a product by a long scalar',
    engine.multiply(evaluation.point, evaluation.scalar),
    evaluation.product,
  );

  const [inputs, outputs] = [derivations.map(([input]) => input), derivations.map(([, output]) => output)];
  expect(engine, 'the map', engine.hash(Buffer.concat(inputs)), Buffer.concat(outputs));
  const hashed = engine.multiply(Buffer.concat(outputs), evaluation.scalar);
  expect(engine, 'a mapped product', engine.hashAndMultiply(Buffer.concat(inputs), evaluation.scalar), hashed);

  // 1 * 1 + 2 * 2 + 3 * 3 times the generator; then 65,535 + 32,771 = 2 + 2^15 + 2^16 times it.
  const three = points.subarray(0, 3 * pointBytes);
  expect(engine, 'a sum', engine.sum(three, Uint8Array.of(1, 0, 2, 0, 3, 0)), multiples[14]);
  const [one = three] = multiples.slice(1);
  const large = engine.sum(Buffer.concat([one, one]), Uint8Array.of(255, 255, 3, 128));
  expect(engine, 'a sum of large weights', large, engine.multiply(one, scalar(2, 128, 1)));

  // Of one, two and three blocks, and on both sides of their ends.
  const lengths = [0, 3, 111, 112, 127, 128, 239, 240, 300];
  let end = 0;
  const ends = Uint32Array.from(lengths, (length) => (end += length));
  const around = { before: Buffer.alloc(129, 'before'), after: Buffer.from('after') };
  for (const { before, after } of [around, { before: Buffer.alloc(0), after: Buffer.alloc(0) }]) {
    const messages = { before, items: Buffer.alloc(end, 'some text'), ends, after };
    expect(engine, 'a digest', engine.digests(messages), digestsByNode(messages));
  }

  const identity = new Uint8Array(pointBytes);
  for (const [index, bad] of [identity, ...badEncodings].entries()) {
    const place = index % (points.length / pointBytes);
    const spoiled = Buffer.from(points);
    spoiled.set(bad, place * pointBytes);
    if (rejectedBy(engine, spoiled) !== place) throw new Error(`${engine.name} takes a bad point`);
  }
  return engine;
}

/** RFC 9497, appendix A.1.1.1: skSm, BlindedElement and EvaluationElement. */
const evaluation = {
  scalar: Buffer.from('5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e', 'hex'),
  point: Buffer.from('609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c', 'hex'),
  product: Buffer.from('7ec6578ae5120958eb2db1745758ff379e77cb64fe77b0b2d8cc917ea0869c7e', 'hex'),
};

function scalar(...low: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(pointBytes);
  bytes.set(low);
  return bytes;
}

function expect(engine: Engine, what: string, got: Uint8Array, right: Uint8Array = new Uint8Array()): void {
  if (!Buffer.from(got).equals(right)) throw new Error(`${engine.name} got ${what} wrong`);
}

function rejectedBy(engine: Engine, points: Uint8Array): number | undefined {
  try {
    engine.multiply(points, scalar(2));
    return undefined;
  } catch (cause) {
    if (cause instanceof BadPoint) return cause.index;
    throw cause;
  }
}
