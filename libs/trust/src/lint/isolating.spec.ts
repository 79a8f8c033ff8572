import { describe, expect, it } from '@jest/globals';
import type { Combination } from '@anonymesh/protocol';
import fc from 'fast-check';
import { isolatedBy, type Combined } from './isolating.js';

const check = (holders: string, combination: Combination = 'any'): Combined => ({
  holders: new Set(holders),
  combination,
});
const isolated = (checks: readonly Combined[], known = '') => isolatedBy(checks, new Set(known));

describe('outcomes about one person', () => {
  it.each([
    ['a check and the same without one holder', [check('abc'), check('ab')], ['c']],
    ['two checks that overlap in one holder', [check('ab'), check('bc')], ['a', 'c']],
    ['a check and one with two holders more', [check('abcd'), check('ab')], []],
    ['checks that have nobody in common', [check('ab'), check('cd')], []],
    ['two of all', [check('abc', 'all'), check('ab', 'all')], ['c']],
    ['a count and the same without one', [check('abcd', { atLeast: 2 }), check('abc', { atLeast: 2 })], ['d']],
    ['any and all of the same two', [check('ab'), check('ab', 'all')], []],
    ['two counts of the same', [check('abc', { atLeast: 1 }), check('abc', { atLeast: 2 })], []],
    ['three of which no two tell it', [check('abcdef'), check('abc'), check('de')], ['f']],
  ])('of %s isolate whom they must', (_what, checks, expected) => {
    expect(isolated(checks)).toEqual(expected);
  });

  it('isolate nobody alone, whatever they are', () => {
    expect(isolated([check('ab', 'all')])).toEqual([]);
    expect(isolated([check('abc', { atLeast: 2 })])).toEqual([]);
  });

  it('isolate more where the requester knows a flag', () => {
    expect(isolated([check('abx'), check('ax')], 'x')).toEqual(['b']);
    expect(isolated([check('abcx'), check('ax')], 'x')).toEqual([]);
  });

  it('are found too many where they cannot all be gone through', () => {
    const holders = Array.from({ length: 24 }, (_, index) => String.fromCharCode(97 + index));
    const checks = holders.map((_, index) => check(holders.slice(index).join('')));
    expect(isolated(checks)).toBe('too-many');
  });

  it('are judged as by going through all flags of all holders', () => {
    const combination = fc.oneof(
      fc.constant('any' as const),
      fc.constant('all' as const),
      fc.record({ atLeast: fc.integer({ min: 1, max: 2 }) }),
    );
    const one = fc
      .record({ holders: fc.uniqueArray(fc.constantFrom(...'abcde'), { minLength: 2 }), combination })
      .map(({ holders, combination: how }) => check(holders.join(''), how));
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 3 }), (checks) => {
        expect(isolated(checks)).toEqual(byBruteForce(checks));
      }),
      { numRuns: 100 },
    );
  });
});

function byBruteForce(checks: readonly Combined[]): string[] {
  const all = [...new Set(checks.flatMap(({ holders }) => [...holders]))].sort();
  const worlds = Array.from(
    { length: 2 ** all.length },
    (_, bits) => new Set(all.filter((__, at) => (bits >> at) & 1)),
  );
  const outcome = ({ holders, combination }: Combined, world: ReadonlySet<string>) => {
    const concerns = [...holders].filter((holder) => world.has(holder)).length;
    if (combination === 'any') return concerns > 0;
    return combination === 'all' ? concerns === holders.size : concerns >= combination.atLeast;
  };
  const tells = (seen: readonly Combined[], actual: ReadonlySet<string>, holder: string) =>
    worlds
      .filter((world) => seen.every((each) => outcome(each, world) === outcome(each, actual)))
      .every((world) => world.has(holder) === actual.has(holder));
  return all.filter((holder) =>
    worlds.some((world) => tells(checks, world, holder) && !checks.some((each) => tells([each], world, holder))),
  );
}
