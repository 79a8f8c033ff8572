import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TokenShape } from '../holder/shape.js';
import { openCombiner } from './combiner.js';
import { findMatches } from './find-matches.js';
import { gather } from './released.js';
import { openSpool, type Spool } from './spool.js';

const shape: TokenShape = {
  holders: ['health-trust', 'police'],
  needed: 2,
  release: 'on-approval',
  keys: 1,
  recordBytes: 64,
  gates: 16,
  envelope: 32,
  envelopeBytes: 0,
  bytes: 32,
};
const limits = { least: 0, most: 10_000 };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'combiner-'));
});
afterEach(() => rm(folder, { recursive: true }));

const word = (value: number) => {
  const bytes = Buffer.alloc(16, 1);
  bytes.writeUInt32BE(value);
  return bytes;
};
/** A tag, and for a gate the tag's number and 100,000 more. */
const token = (value: number) => Buffer.concat([word(value), word(100_000 + value)]);
const tokens = (...values: number[]) => Buffer.concat(values.map(token));

async function listed<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}

async function combinerOf(health: readonly number[], police: readonly number[]) {
  const combiner = await openCombiner({ folder, shape });
  const records = { 'health-trust': health.length, police: police.length };
  await combiner.add({ holder: 'health-trust', records: health.length, first: 0, tokens: tokens(...health) });
  await combiner.add({ holder: 'police', records: police.length, first: 0, tokens: tokens(...police) });
  return { combiner, records };
}

describe('the combiner', () => {
  it('takes letters in any order, twice, and after a restart', async () => {
    const before = await openCombiner({ folder, shape });
    const late = { holder: 'police', records: 3, first: 2, tokens: tokens(7) };
    expect(await before.add(late)).toBe(true);
    const after = await openCombiner({ folder, shape });
    expect(await after.add(late)).toBe(true);
    expect(await after.add({ holder: 'health-trust', records: 2, first: 0, tokens: tokens(7, 8) })).toBe(true);
    expect(await after.combine({ 'health-trust': 2, police: 3 }, limits)).toBe('incomplete');
    expect(await after.add({ holder: 'police', records: 3, first: 0, tokens: tokens(8, 9) })).toBe(true);
    const combined = await after.combine({ 'health-trust': 2, police: 3 }, limits);
    if (typeof combined === 'string') throw new Error(combined);
    expect(combined).toMatchObject({ people: 2, counts: { 'health-trust': 2, police: 2 } });
    const released = await listed(combined.released());
    const none = Buffer.alloc(0);
    expect(released).toEqual([
      { holder: 'health-trust', record: 0, gates: [[word(100_007)]], envelope: none },
      { holder: 'health-trust', record: 1, gates: [[word(100_008)]], envelope: none },
      { holder: 'police', record: 0, gates: [[word(100_008)]], envelope: none },
      { holder: 'police', record: 2, gates: [[word(100_007)]], envelope: none },
    ]);
    expect(await listed(combined.released('police'))).toEqual(released.slice(2));
    const again = await openCombiner({ folder, shape });
    expect(await again.combine({ 'health-trust': 2, police: 3 }, limits)).toMatchObject({ people: 2 });
  });

  it('takes nothing that is not of the shape, or not within the set', async () => {
    const combiner = await openCombiner({ folder, shape });
    const good = { holder: 'police', records: 3, first: 0, tokens: tokens(7) };
    for (const bad of [
      { ...good, tokens: Buffer.alloc(0) },
      { ...good, tokens: Buffer.alloc(31) },
      { ...good, tokens: Buffer.alloc(33) },
      { ...good, first: 3 },
      { ...good, first: -1 },
      { ...good, first: 0.5 },
      { ...good, first: NaN },
      { ...good, records: 0 },
      { ...good, holder: 'stranger' },
      { ...good, holder: '../police' },
    ])
      expect(await combiner.add(bad)).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it('finds a set incomplete while a token, or a file, or a part of one is missing', async () => {
    const { combiner, records } = await combinerOf([1, 2, 3], [1, 2, 3]);
    expect(await combiner.combine(records, limits)).toMatchObject({ people: 3 });
    expect(await combiner.combine({ ...records, police: 4 }, limits)).toBe('incomplete');
    expect(await combiner.combine({ ...records, police: 2 }, limits)).toBe('incomplete');
    expect(await combiner.combine({ police: 3 }, limits)).toBe('incomplete');
    const rest = join(folder, 'police.rest');
    await truncate(rest, (await stat(rest)).size - 1);
    expect(await combiner.combine(records, limits)).toBe('incomplete');
    await rm(rest);
    expect(await combiner.combine(records, limits)).toBe('incomplete');
  });

  it('finds a hole between letters', async () => {
    const { combiner } = await combinerOf([1, 2, 3], [1]);
    await combiner.add({ holder: 'police', records: 3, first: 2, tokens: tokens(3) });
    expect(await combiner.combine({ 'health-trust': 3, police: 3 }, limits)).toBe('incomplete');
  });

  it('releases nothing above the most records of one holder, or below the least people', async () => {
    const { combiner, records } = await combinerOf([1, 2, 3, 4], [1, 1, 1, 5]);
    expect(await combiner.combine(records, { least: 0, most: 2 })).toBe('too-many');
    expect(await combiner.combine(records, { least: 0, most: 3 })).toMatchObject({ people: 3 });
    expect(await combiner.combine(records, { least: 3, most: 3 })).toMatchObject({ people: 3 });
    expect(await combiner.combine(records, { least: 4, most: 3 })).toBe('too-few');
  });

  it('keeps files that only this account reads', async () => {
    await combinerOf([1], [1]);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  });
});

describe('a table that is too small for all tags at once', () => {
  it('finds the same matches part by part', async () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 300 });
    const property = fc.asyncProperty(numbers, numbers, async (health, police) => {
      const { records } = await combinerOf(health, police);
      const spool = await openSpool(folder, shape);
      const matches = await findMatches(spool, records, limits, { largest: 256 });
      if (typeof matches === 'string') throw new Error(matches);
      const common = (own: number[], other: number[]) => [...own.keys()].filter((at) => other.includes(own[at]!));
      expect(matches.released.map((each) => [...each])).toEqual([common(health, police), common(police, health)]);
      await rm(folder, { recursive: true });
    });
    await fc.assert(property, { numRuns: 15 });
    await openSpool(folder, shape);
  });

  it('is not filled by a holder that says one tag again and again', async () => {
    const { records } = await combinerOf(Array<number>(500).fill(7), [7, 8]);
    const spool = await openSpool(folder, shape);
    expect(await findMatches(spool, records, limits, { largest: 64 })).toMatchObject({ records: [500, 2] });
  });
});

describe('tags that differ only at their end', () => {
  it('do not match', async () => {
    const [one, other] = [randomBytes(16), randomBytes(16)];
    one.copy(other, 0, 0, 12);
    const combiner = await openCombiner({ folder, shape });
    const records = { 'health-trust': 1, police: 1 };
    const letter = (holder: string, tag: Buffer) => {
      return { holder, records: 1, first: 0, tokens: Buffer.concat([tag, word(1)]) };
    };
    await combiner.add(letter('health-trust', one));
    await combiner.add(letter('police', other));
    expect(await combiner.combine(records, limits)).toMatchObject({ people: 0 });
  });
});

describe('the combiner of three, of whom two have thousands in common and nobody else has', () => {
  const three: TokenShape = { ...shape, holders: ['police', 'schools', 'youth'], needed: 3, envelope: 48, bytes: 48 };
  const most = 40_000;
  const numbers = Array.from({ length: most }, (_, index) => index + 1);
  const records = { police: most, schools: most, youth: 1 };

  /** The spool, and how often something was read of its files. */
  async function counted(): Promise<{ readonly spool: Spool; readonly reads: () => number }> {
    const spool = await openSpool(folder, three);
    const gated = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.concat([token(value), word(7)])));
    for (const holder of ['police', 'schools'])
      await spool.write({ holder, records: most, first: 0, tokens: gated(...numbers) });
    await spool.write({ holder: 'youth', records: 1, first: 0, tokens: gated(17) });
    let reads = 0;
    const counting = async (opening: ReturnType<Spool['tags']>) => {
      const file = await opening;
      const read = file?.read.bind(file) as ((...given: unknown[]) => Promise<never>) | undefined;
      const readAndCount = (...given: unknown[]) => {
        reads += 1;
        return read?.(...given);
      };
      return file && Object.assign(file, { read: readAndCount as never });
    };
    return {
      spool: {
        ...spool,
        tags: (holder) => counting(spool.tags(holder)),
        rest: (holder) => counting(spool.rest(holder)),
      },
      reads: () => reads,
    };
  }

  it('reads tags by the megabyte, and finds the gates of what matched', async () => {
    const { spool, reads } = await counted();
    const matches = await findMatches(spool, records, limits);
    if (typeof matches === 'string') throw new Error(matches);
    const combined = await gather(spool, matches, limits);
    if (typeof combined === 'string') throw new Error(combined);
    expect(combined).toMatchObject({ people: 1, counts: { police: 1, schools: 1, youth: 1 } });
    const released = await listed(combined.released());
    expect(released.map(({ holder, record }) => [holder, record])).toEqual([
      ['police', 16],
      ['schools', 16],
      ['youth', 0],
    ]);
    const [first, second] = [word(100_017), word(7)];
    expect(released.map(({ gates }) => gates.flat())).toEqual([
      [first, first],
      [first, second],
      [second, second],
    ]);
    expect(reads()).toBeLessThan(100);
  });

  it('stops soon after it is told to, wherever it is', async () => {
    const { spool, reads } = await counted();
    const ending = new AbortController();
    const matches = await findMatches(spool, records, limits, { signal: ending.signal });
    if (typeof matches === 'string') throw new Error(matches);
    const combined = await gather(spool, matches, limits, ending.signal);
    if (typeof combined === 'string') throw new Error(combined);
    ending.abort();
    const before = reads();
    const aborted = { name: 'AbortError' };
    await expect(findMatches(spool, records, limits, { signal: ending.signal })).rejects.toMatchObject(aborted);
    await expect(gather(spool, matches, limits, ending.signal)).rejects.toMatchObject(aborted);
    expect(reads() - before).toBe(3); // of what was released, which is little
    await expect(listed(combined.released())).rejects.toMatchObject(aborted);
    const combiner = await openCombiner({ folder, shape: three });
    await expect(combiner.combine(records, limits, ending.signal)).rejects.toMatchObject(aborted);
  });
});
