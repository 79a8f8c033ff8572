import { describe, expect, it } from '@jest/globals';
import { openBackOff } from './back-off.js';

const delays = { first: 1000, most: 6000 };
const begin = Date.UTC(2030, 0, 1);

describe('what is set aside', () => {
  it('waits, and longer after each time that it fails, up to a bound', () => {
    const aside = openBackOff(delays);
    let now = begin;
    for (const delay of [1000, 2000, 4000, 6000, 6000]) {
      aside.add('one', now);
      expect(aside.waiting(now + delay - 1)).toEqual(['one']);
      expect(aside.waiting(now + delay)).toEqual([]);
      now += delay;
    }
  });

  it('holds up nothing else', () => {
    const aside = openBackOff(delays);
    aside.add('one', begin);
    aside.add('two', begin + 500);
    expect(aside.waiting(begin + 600)).toEqual(['one', 'two']);
    expect(aside.waiting(begin + 1200)).toEqual(['two']);
  });

  it('is forgotten once it went well, and begins anew', () => {
    const aside = openBackOff(delays);
    for (const _ of [1, 2, 3]) aside.add('one', begin);
    aside.drop('one');
    expect(aside.waiting(begin)).toEqual([]);
    aside.add('one', begin);
    expect(aside.waiting(begin + 1000)).toEqual([]);
  });

  it('is forgotten where nobody tries it again, so that it cannot fill the memory', () => {
    const aside = openBackOff(delays);
    for (const _ of [1, 2, 3]) aside.add('one', begin);
    expect(aside.waiting(begin + 4000 + 2 * delays.most)).toEqual([]);
    aside.add('one', begin + 20_000);
    expect(aside.waiting(begin + 21_000)).toEqual([]);
  });
});
