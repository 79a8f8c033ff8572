import { describe, expect, it } from '@jest/globals';
import { wouldIsolate, type AskedCheck } from './isolation.js';

type How = AskedCheck['combination'];
const asked = (holders: string, combination: How = 'any', own = ''): AskedCheck => ({
  holders: [...holders].sort(),
  combination,
  own: [...own],
});

describe('two questions about one person', () => {
  it.each<[string, AskedCheck, AskedCheck, boolean]>([
    ['with one holder left out', asked('abc'), asked('bc'), true],
    ['with one holder more', asked('bc'), asked('abc'), true],
    ['of all, with one holder left out', asked('abc', 'all'), asked('ab', 'all'), true],
    ['with two holders left out', asked('abcd'), asked('ab'), false],
    ['that are the same', asked('abc'), asked('cba'), false],
    ['that are the same in other words', asked('abc'), asked('abc', { atLeast: 1 }), false],
    ['of any and at least two of the same', asked('abc'), asked('abc', { atLeast: 2 }), false],
    ['with two left out, of whom one is of who asks', asked('abcd', 'any', 'd'), asked('ab'), true],
  ])('%s', (_what, before, now, expected) => {
    expect(wouldIsolate([before], now)).toBe(expected);
  });

  it('may be harmless, and tell a flag with a third', () => {
    const [one, two, three] = [asked('abcdef'), asked('abc'), asked('de')];
    for (const [first, second] of [[one, two] as const, [one, three] as const, [two, three] as const])
      expect(wouldIsolate([first], second)).toBe(false);
    expect(wouldIsolate([one, two], three)).toBe(true);
  });

  it('that cannot be judged are refused', () => {
    const letters = Array.from({ length: 24 }, (_, index) => String.fromCharCode(97 + index)).join('');
    const many = Array.from({ length: 22 }, (_, index) => asked(letters.slice(index)));
    expect(wouldIsolate(many.slice(1), asked(letters))).toBe(true);
  });

  it.each([2, 3, 4, 5])('among %i holders are judged as by going through all flags', (count) => {
    const questions = everyQuestion('abcde'.slice(0, count));
    let refused = 0;
    let wrong = 0;
    for (const one of questions)
      for (const other of questions) {
        const computable = isComputable('abcde'.slice(0, count), one, other);
        if (computable) refused++;
        if (wouldIsolate([one], other) !== computable) wrong++;
      }
    expect(wrong).toBe(0);
    expect(refused > 0).toBe(count > 2);
  });
});

/** Every set of two holders or more, in every combination. */
function everyQuestion(all: string): AskedCheck[] {
  return Array.from({ length: 2 ** all.length }, (_, bits) => [...all].filter((__, at) => (bits >> at) & 1).join(''))
    .filter((holders) => holders.length >= 2)
    .flatMap((holders) => [
      asked(holders),
      asked(holders, 'all'),
      ...Array.from({ length: holders.length }, (_, less) => asked(holders, { atLeast: less + 1 })),
    ]);
}

/** Whether in some world both outcomes leave only worlds in which a holder has one flag, though neither alone does. */
function isComputable(all: string, one: AskedCheck, other: AskedCheck): boolean {
  const worlds = Array.from({ length: 2 ** all.length }, (_, bits) => bits);
  const outcomes = [one, other].map((question) => worlds.map((world) => outcomeOf(question, all, world)));
  const [first = [], second = []] = outcomes;
  const flagsLeft = (keep: (world: number) => boolean, at: number) =>
    new Set(worlds.filter(keep).map((world) => (world >> at) & 1)).size;
  for (const a of [true, false])
    for (const b of [true, false]) {
      if (!worlds.some((world) => first[world] === a && second[world] === b)) continue;
      for (let at = 0; at < all.length; at++) {
        const together = flagsLeft((world) => first[world] === a && second[world] === b, at) === 1;
        const aloneByFirst = flagsLeft((world) => first[world] === a, at) === 1;
        const aloneBySecond = flagsLeft((world) => second[world] === b, at) === 1;
        if (together && !aloneByFirst && !aloneBySecond) return true;
      }
    }
  return false;
}

function outcomeOf({ holders, combination }: AskedCheck, all: string, world: number): boolean {
  const concerns = holders.filter((holder) => (world >> all.indexOf(holder)) & 1).length;
  if (combination === 'any') return concerns > 0;
  return combination === 'all' ? concerns === holders.length : concerns >= combination.atLeast;
}
