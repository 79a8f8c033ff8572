import { describe, expect, it } from '@jest/globals';
import { sharedFor } from './shared-for.js';

describe('what is found out for all', () => {
  it('is found once while it is being found, and told again for as long as it is believed', async () => {
    let found = 0;
    const find = sharedFor(async () => (found += 1), 60_000);
    expect(await Promise.all([find(), find()])).toEqual([1, 1]);
    expect(await find()).toBe(1);
  });

  it('is looked for anew by the next who asks, where it could not be found', async () => {
    let tries = 0;
    const find = sharedFor(async () => {
      tries += 1;
      if (tries === 1) throw new Error('not now');
      return tries;
    }, 60_000);
    await expect(Promise.all([find(), find()])).rejects.toThrow('not now');
    expect(await find()).toBe(2);
  });
});
