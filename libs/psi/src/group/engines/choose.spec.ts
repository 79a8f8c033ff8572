import { describe, expect, it } from '@jest/globals';
import { badEncodings } from '../rfc9496-vectors.js';
import { BadPoint, type Engine } from '../engine.js';
import { chooseEngine, engineNames, enginesHere } from './choose.js';
import { openNoble } from './noble.js';
import { selfTest } from './self-test.js';

const here = await enginesHere();

describe('the choice of an engine', () => {
  it('falls on the fastest that runs here', async () => {
    expect((await chooseEngine()).name).toBe(here[0]);
  });

  it('knows everywhere the three that need no compiler', () => {
    expect(here).toEqual(expect.arrayContaining(engineNames.slice(1)));
  });

  it.each(here)('falls on %s when that is named', async (name) => {
    expect((await chooseEngine(name)).name).toBe(name);
  });

  it.each(['', 'Sodium', '__proto__'])('refuses the name "%s"', async (name) => {
    await expect(chooseEngine(name)).rejects.toThrow(RangeError);
  });
});

describe('the self test', () => {
  const right = openNoble();
  const spoil = (bytes: Uint8Array) =>
    Uint8Array.from(bytes, (byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte));
  const wrong: [fault: string, engine: Engine][] = [
    ['multiplies the last point of a batch wrongly', { ...right, multiply: (...of) => spoil(right.multiply(...of)) }],
    ['derives a point wrongly', { ...right, hash: (...of) => spoil(right.hash(...of)) }],
    ['is wrong in both together', { ...right, hashAndMultiply: (...of) => spoil(right.hashAndMultiply(...of)) }],
    ['adds up wrongly', { ...right, sum: (...of) => spoil(right.sum(...of)) }],
    [
      'adds up large weights wrongly',
      {
        ...right,
        sum: (points, weights) =>
          right.sum(
            points,
            weights.map((byte, at) => (at % 2 === 1 ? byte & 127 : byte)),
          ),
      },
    ],
    ['lets bad points pass', { ...right, multiply: tolerant(right, () => true) }],
    [
      'lets one kind of bad point pass',
      { ...right, multiply: tolerant(right, (bad) => bad.equals(badEncodings[28] ?? bad)) },
    ],
    ['names another place than that of the bad point', { ...right, multiply: misplacing(right) }],
  ];

  it('lets an engine pass that is right', () => {
    expect(selfTest(right)).toBe(right);
  });

  it.each(wrong)('stops an engine that %s', (_, engine) => {
    expect(() => selfTest(engine)).toThrow(/noble (takes|got)/);
  });
});

/** Multiplies bad points that it tolerates as if they were the generator. */
function tolerant(right: Engine, tolerates: (bad: Buffer) => boolean): Engine['multiply'] {
  const generator = Buffer.from('e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76', 'hex');
  return function multiply(points, scalar): Uint8Array {
    try {
      return right.multiply(points, scalar);
    } catch (cause) {
      if (!(cause instanceof BadPoint)) throw cause;
      const better = Buffer.from(points);
      if (!tolerates(better.subarray(cause.index * 32, cause.index * 32 + 32))) throw cause;
      better.set(generator, cause.index * 32);
      return multiply(better, scalar);
    }
  };
}

function misplacing(right: Engine): Engine['multiply'] {
  return (points, scalar) => {
    try {
      return right.multiply(points, scalar);
    } catch (cause) {
      throw cause instanceof BadPoint ? new BadPoint(cause.index + 1) : cause;
    }
  };
}
