import { describe, expect, it } from '@jest/globals';
import knex from 'knex';
import { nodeSqlite } from '@anonymesh/store';
import { firstOfEach, gather } from './gather.js';

const database = () => knex(nodeSqlite({ filename: ':memory:' }));

describe('what is gathered', () => {
  it('is asked for in one statement, and each gets its own result', async () => {
    const asked: (readonly number[])[] = [];
    const double = gather((_knex, numbers: readonly number[]) => {
      asked.push(numbers);
      return Promise.resolve(numbers.map((number) => number * 2));
    });
    const [one, other] = [database(), database()];
    // The second is asked for a few turns of promises later, as by a handler behind pipes and filters.
    const late = Promise.resolve()
      .then(() => undefined)
      .then(() => double(one, 2));
    expect(await Promise.all([double(one, 1), late, double(other, 3)])).toEqual([2, 4, 6]);
    expect(asked).toEqual([[1, 2], [3]]);
    expect(await double(one, 4)).toBe(8);
    await Promise.all([one.destroy(), other.destroy()]);
  });

  it('fails for all who asked, and not for who asks later', async () => {
    let fails = true;
    const ask = gather((_knex, items: readonly string[]) =>
      fails ? Promise.reject(new Error('down')) : Promise.resolve(items),
    );
    const store = database();
    const results = await Promise.allSettled([ask(store, 'a'), ask(store, 'b')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect(await ask(store, 'c')).toBe('c');
    await store.destroy();
  });
});

describe('the first of each', () => {
  it('is the one that a statement has done, of several that asked for the same', () => {
    expect(firstOfEach(['a', 'b', 'a', 'c'], ['c', 'a'])).toEqual([true, false, false, true]);
  });
});
