import { describe, expect, it } from '@jest/globals';
import { packProof, proofBytes, unpackProofs, checkMatched } from './matched-proof.js';
import type { TokenShape } from './shape.js';
import { wordsOf } from './words.js';

const shape: TokenShape = {
  holders: ['health-trust', 'housing', 'police'],
  needed: 3,
  release: 'on-approval',
  keys: 2,
  recordBytes: 64,
  gates: 32,
  envelope: 96,
  envelopeBytes: 0,
  bytes: 96,
};
const gate = (fill: number) => Buffer.alloc(16, fill);

describe('a packed proof', () => {
  it('has one gate of each holder that gave one, whatever their slots', () => {
    const packed = [
      packProof(shape, {
        record: 3,
        gates: [
          [undefined, gate(1)],
          [gate(2), gate(3)],
        ],
      }),
      packProof(shape, {
        record: 7,
        gates: [
          [undefined, undefined],
          [gate(4), undefined],
        ],
      }),
    ];
    expect(packed.map(({ length }) => length)).toEqual([proofBytes(shape), proofBytes(shape)]);
    expect(unpackProofs(shape, 8, Buffer.concat(packed))).toEqual([
      {
        record: 3,
        given: [
          { slot: 1, gate: gate(1) },
          { slot: 0, gate: gate(2) },
        ],
      },
      { record: 7, given: [undefined, { slot: 0, gate: gate(4) }] },
    ]);
    expect(unpackProofs(shape, 8, Buffer.alloc(0))).toEqual([]);
  });

  it('is refused where it is cut, repeated, out of order, of no record, or of no slot', () => {
    const proofOf = (record: number) =>
      packProof(shape, {
        record,
        gates: [
          [gate(1), undefined],
          [gate(2), undefined],
        ],
      });
    const [one, two] = [proofOf(1), proofOf(2)];
    const noSlot = Buffer.from(one);
    noSlot[4] = 3;
    for (const packed of [one.subarray(1), Buffer.concat([one, one]), Buffer.concat([two, one]), proofOf(8), noSlot])
      expect(unpackProofs(shape, 8, packed)).toBe(undefined);
  });

  it('convinces only with the right gates of enough holders', () => {
    const input = {
      query: 'ab'.repeat(16),
      shape,
      holder: 'housing',
      points: Buffer.alloc(64, 5),
      pairSecrets: { 'health-trust': Buffer.alloc(32, 1), police: Buffer.alloc(32, 2) },
    };
    const { ours } = wordsOf(input);
    const given = [0, 1].map((other) => ({ slot: 1, gate: ours.subarray((2 + other) * 16, (3 + other) * 16) }));
    const [first, second] = given;
    const proves = (...gates: (typeof first)[]) => checkMatched(input, { record: 0, given: gates });
    expect(proves(first, second)).toBe(true);
    expect(proves(first, undefined)).toBe(false);
    expect(proves(second, first)).toBe(false);
    expect(proves(first, first)).toBe(false);
    expect(proves(first, { slot: 1, gate: gate(0) })).toBe(false);
    expect(proves(undefined, undefined, first, second)).toBe(false);
    expect(checkMatched({ ...input, shape: { ...shape, needed: 2 } }, { record: 0, given: [first, undefined] })).toBe(
      true,
    );
    expect(() => checkMatched({ ...input, points: Buffer.alloc(32) }, { record: 0, given })).toThrow(RangeError);
  });
});
