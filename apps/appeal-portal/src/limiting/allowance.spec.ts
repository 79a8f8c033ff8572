import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { againAt, limitsConfig } from './allowance.js';

const now = Date.UTC(2026, 0, 1);
const minute = 60_000;
const allowance = { perQuarterHour: 2, perDay: 3 };

describe('what may be done so often', () => {
  it.each([
    ['never done before', [], undefined],
    ['done once', [1], undefined],
    ['done twice in a quarter of an hour', [1, 4], 11],
    ['done twice, once a little longer ago', [1, 15], undefined],
    ['done three times in a day', [1, 100, 200], 24 * 60 - 200],
    ['done three times in more than a day', [1, 100, 24 * 60], undefined],
    ['barred by both', [1, 2, 300], 24 * 60 - 300],
    ['done more often than allowed, as with a limit that was lowered', [1, 2, 3, 4, 5, 6], 24 * 60 - 3],
  ])('%s has to wait for %s minutes: %s', (_what, minutesAgo, wait) => {
    const earlier = minutesAgo.map((ago) => now - ago * minute);
    expect(againAt(earlier, allowance, now)).toBe(wait === undefined ? undefined : now + wait * minute);
  });

  it('is never done more often than allowed, however impatient somebody is', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 * minute }), { maxLength: 200 }), (pauses) => {
        const done: number[] = [];
        let clock = now;
        for (const pause of pauses) {
          clock += pause;
          const wait = againAt(done, allowance, clock);
          if (wait === undefined) done.push(clock);
          else expect(wait).toBeGreaterThan(clock);
        }
        for (const at of done) {
          const within = (window: number) => done.filter((each) => each <= at && each > at - window).length;
          expect(within(15 * minute)).toBeLessThanOrEqual(2);
          expect(within(24 * 60 * minute)).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  it('cannot be unlimited, nor never, by config', () => {
    for (const perDay of [0, -1, 1.5, Infinity, '5'])
      expect(limitsConfig.safeParse({ account: { perDay } }).success).toBe(false);
    expect(limitsConfig.parse({})).toMatchObject({ account: { perQuarterHour: 5, perDay: 20 } });
  });
});
