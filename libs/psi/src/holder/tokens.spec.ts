import { hkdfSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { lengthPrefixed } from '@anonymesh/protocol';
import { controlOf } from './control.js';
import { tokenShape, type TokenShape } from './shape.js';
import { tokensOf, type TokenBatch } from './tokens.js';

const template = { hash: '', author: '', reviewer: '' };
const holders = ['police', 'health-trust', 'housing'].map((id) => {
  return { id, receives: [], releases: [], template, approval: 'none' as const };
});
const key = (label: string) => ({ label, fields: [{ name: label, format: 'text' as const }] });

function shapeOf(release: TokenShape['release'], needed: number): TokenShape {
  const combination = needed === 3 ? 'all' : { atLeast: needed };
  return tokenShape({ holders, release, combination, keys: [key('a'), key('b')], record: { bytes: 64 } });
}

function batchOf(shape: TokenShape, count: number): TokenBatch {
  const base = {
    query: '0123456789abcdef'.repeat(2),
    shape,
    holder: 'housing',
    first: 3,
    points: randomBytes(count * 64),
    pairSecrets: { 'health-trust': randomBytes(32), police: randomBytes(32) },
  };
  if (shape.release !== 'on-match') return base;
  const records = Buffer.alloc(count * 64, 'record');
  const dummies = Uint8Array.from({ length: count }, (_, at) => at % 2);
  return { ...base, releases: { seed: randomBytes(32), exportSecret: randomBytes(32), records, dummies } };
}

describe('tokens', () => {
  it('have one size, which the shape says', () => {
    expect(shapeOf('count', 3).bytes).toBe(32);
    expect(shapeOf('on-approval', 3).bytes).toBe(32 + 64);
    expect(shapeOf('on-match', 3).bytes).toBe(32 + 64 + 16 + 128 + 64 + 32);
    for (const release of ['count', 'on-approval', 'on-match'] as const)
      expect(tokensOf(batchOf(shapeOf(release, 2), 5))).toHaveLength(5 * shapeOf(release, 2).bytes);
  });

  it('are tags and the gates that open others, as the protocol derives them', () => {
    const batch = batchOf(shapeOf('on-approval', 2), 2);
    const derive = (input: Uint8Array, ...info: string[]) =>
      Buffer.from(hkdfSync('sha512', input, Buffer.from(batch.query, 'hex'), lengthPrefixed(...info), 16));
    const point = (record: number, slot: number) => batch.points.subarray((record * 2 + slot) * 32).subarray(0, 32);
    const gate = (other: 'police' | 'health-trust', record: number, slot: number) =>
      derive(
        Buffer.concat([point(record, slot), batch.pairSecrets[other]!]),
        'anonymesh/psi/gate/v1',
        other,
        'housing',
      );
    const expected = [0, 1].flatMap((record) => [
      derive(point(record, 0), 'anonymesh/psi/tag/v1'),
      derive(point(record, 1), 'anonymesh/psi/tag/v1'),
      gate('health-trust', record, 0),
      gate('health-trust', record, 1),
      gate('police', record, 0),
      gate('police', record, 1),
    ]);
    expect(tokensOf(batch)).toEqual(Buffer.concat(expected));
  });

  it.each([2, 3])('are the same bytes again, and come out alike in batches of any size, if %i are needed', (needed) => {
    const batch = batchOf(shapeOf('on-match', needed), 4);
    const whole = tokensOf(batch);
    expect(tokensOf(structuredClone(batch))).toEqual(whole);
    const releases = batch.releases!;
    const parts = [0, 1, 2, 3].map((at) =>
      tokensOf({
        ...batch,
        first: batch.first + at,
        points: batch.points.subarray(at * 64, at * 64 + 64),
        releases: {
          ...releases,
          records: releases.records.subarray(at * 64, at * 64 + 64),
          dummies: releases.dummies.subarray(at, at + 1),
        },
      }),
    );
    expect(Buffer.concat(parts)).toEqual(whole);
  });

  it('never seal two records under one salt, though position or all but a byte is the same', () => {
    const shape = shapeOf('on-match', 3);
    const batch = batchOf(shape, 1);
    const releases = batch.releases!;
    const saltOf = (each: TokenBatch) => tokensOf(each).toString('hex', shape.envelope, shape.envelope + 16);
    const otherRecord = Buffer.from(releases.records).fill('!', 63);
    const otherPoints = batch.points.map((byte, at) => (at === 63 ? byte ^ 1 : byte));
    const salts = [
      saltOf(batch),
      saltOf({ ...batch, first: 4 }),
      saltOf({ ...batch, points: otherPoints }),
      saltOf({ ...batch, releases: { ...releases, records: otherRecord } }),
      saltOf({ ...batch, releases: { ...releases, seed: randomBytes(32) } }),
      saltOf({ ...batch, query: 'f'.repeat(32) }),
      saltOf({ ...batch, releases: { ...releases, dummies: Uint8Array.of(1) } }),
    ];
    expect(new Set(salts).size).toBe(salts.length);
  });

  it('are not made of parts that do not fit together', () => {
    const batch = batchOf(shapeOf('on-match', 3), 2);
    const releases = batch.releases!;
    const { releases: _, ...without } = batch;
    const bad: TokenBatch[] = [
      { ...batch, points: batch.points.subarray(1) },
      { ...batch, points: batch.points.subarray(32) },
      { ...batch, first: -1 },
      { ...batch, first: 0.5 },
      { ...batch, holder: 'stranger' },
      { ...batch, pairSecrets: { police: randomBytes(32) } },
      { ...batch, pairSecrets: { ...batch.pairSecrets, police: randomBytes(31) } },
      { ...batch, releases: { ...releases, records: releases.records.subarray(1) } },
      { ...batch, releases: { ...releases, dummies: Uint8Array.of(1) } },
      { ...batch, releases: { ...releases, seed: randomBytes(31), dummies: new Uint8Array(2) } },
      { ...batch, releases: { ...releases, exportSecret: randomBytes(31), dummies: new Uint8Array(2) } },
      without,
      { ...batch, shape: shapeOf('count', 3) },
    ];
    for (const each of bad) expect(() => tokensOf(each)).toThrow();
  });
});

describe('the control', () => {
  it('is of one point', () => {
    const batch = batchOf(shapeOf('count', 3), 1);
    expect(() => controlOf(batch)).toThrow(RangeError);
    const { tag, gates } = controlOf({ ...batch, points: batch.points.subarray(0, 32) });
    expect(tag).toHaveLength(22);
    expect(gates.map(({ holder }) => holder)).toEqual(['health-trust', 'police']);
    expect(new Set(gates.flatMap(({ given, opens }) => [given, opens])).size).toBe(4);
  });
});
