// That what proves that a log has nothing else fits in a testimony: of the busiest logs that there are to be, signed often,
// and of queries that people take days to decide on. docs/decisions/0032 has the figures.
import { describe, expect, it } from '@jest/globals';
import { testimonySize, type Agreement } from '@anonymesh/protocol';
import { randomBytes } from 'node:crypto';
import { imaginePart, type Imagined } from '../fixtures/imagined-log.js';
import { pack } from './packing.js';

const busy = { age: { entries: 10_000_000, queries: 2_500_000 }, queriesPerSecond: 60, entriesPerQuery: 4 };
const week = 7 * 86_400;
const times = (count: number, second: number) => Array.from({ length: count }, (_, n) => second + n);
/** Bytes of a signed head, and of a word as it is signed. */
const [headBytes, wordBytes] = [1024, 700];

/** The largest of some, with the last checkpoint up to twenty minutes after the deadline. */
async function largest(of: Omit<Imagined, keyof typeof busy>, words: number): Promise<number> {
  const sizes = times(12, 0).map(async (n) => {
    const log = { ...busy, ...of, lasts: of.lasts + ((n * 397) % 1200) };
    const part = await imaginePart(randomBytes(16).toString('hex'), log);
    const said = times(words, 0).map(() => `a.${randomBytes((wordBytes * 3) / 4).toString('base64url')}.c`);
    return pack({ words: said, part }).length;
  });
  return Math.max(...(await Promise.all(sizes)));
}

const holders = times(3, 0).map((n) => ({ id: `holder-${n}` }));
const sizeOf = (kind: 'check' | 'set', deadlineSeconds: number) =>
  testimonySize({ kind, deadlineSeconds, holders } as unknown as Agreement) - headBytes;

describe.each([60, 1])('of a log of 60 queries a second that is signed every %d s', (signedEvery) => {
  it.each<[string, 'check' | 'set', number, number[], number]>([
    ['a holder to a check', 'check', 600, [0, 1, 2, 600], 1],
    ['the aggregator to a check', 'check', 600, [...times(10, 0), ...times(5, 600)], 3],
    ['a party to a set', 'set', week, [...times(12, 0), ...times(8, 40_000), ...times(5, week)], 0],
  ])('what %s testifies fits', async (_what, kind, deadline, own, words) => {
    const bytes = await largest({ signedEvery, lasts: 300 + deadline, own }, words);
    expect(bytes).toBeLessThanOrEqual(sizeOf(kind, deadline));
  });
});
