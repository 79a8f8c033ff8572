import { describe, expect, it } from '@jest/globals';
import { inTime } from './in-time.js';

describe('work that somebody waits for', () => {
  it('that never ends is given up', async () => {
    await expect(inTime(new Promise(() => undefined), 20)).rejects.toMatchObject({ name: 'TooLate' });
  });

  it('that fails in time fails as it did', async () => {
    await expect(inTime(Promise.reject(new TypeError('ours')), 1000)).rejects.toThrow(TypeError);
  });

  it('that fails when nobody waits any more is nobody’s fault', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    await expect(inTime(promise, 1)).rejects.toMatchObject({ name: 'TooLate' });
    reject(new Error('late')); // an unhandled rejection would end this process
    await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('gives what it gives', async () => {
    expect(await inTime(Promise.resolve(7), 1000)).toBe(7);
  });
});
