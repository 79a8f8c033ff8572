import { describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { limitWaiting } from './waiting.js';

const abandon = () => undefined;

describe('the limit of waiting', () => {
  it('counts the work of all turns, and not what is between them', async () => {
    const waiting = limitWaiting({ milliseconds: 1200 });
    await waiting.for(() => delay(50), abandon);
    await delay(1150);
    await waiting.for(() => delay(50), abandon);
    expect(waiting.left).toBeLessThanOrEqual(1102);
    expect(waiting.left).toBeGreaterThan(1); // which is what is left of none
    await expect(waiting.for(() => delay(1200), abandon)).rejects.toThrow('timeout');
  });

  it('begins nothing when it is used up, and is never a limit of nothing', async () => {
    const waiting = limitWaiting({ milliseconds: 10 });
    await expect(waiting.for(() => delay(30), abandon)).rejects.toThrow('timeout');
    let begun = false;
    const begin = () => Promise.resolve((begun = true));
    await expect(waiting.for(begin, abandon)).rejects.toThrow('timeout');
    expect([begun, waiting.left]).toEqual([false, 1]);
  });

  it('counts work that fails, and passes its failure on', async () => {
    const waiting = limitWaiting({ milliseconds: 1000 });
    const fail = async () => {
      await delay(100);
      throw new Error('broken');
    };
    await expect(waiting.for(fail, abandon)).rejects.toThrow('broken');
    expect(waiting.left).toBeLessThan(910);
  });

  it('abandons work that does not end', async () => {
    let abandoned = false;
    const never = () => new Promise<void>(() => undefined);
    const waiting = limitWaiting({ milliseconds: 10 });
    await expect(waiting.for(never, () => void (abandoned = true))).rejects.toThrow('timeout');
    expect(abandoned).toBe(true);
  });

  it('abandons work that is not wanted any more, and begins no other', async () => {
    const wanted = new AbortController();
    const waiting = limitWaiting({ milliseconds: 60_000, signal: wanted.signal });
    let abandoned = 0;
    const never = () => new Promise<void>(() => undefined);
    const waits = waiting.for(never, () => void (abandoned += 1));
    wanted.abort();
    await expect(waits).rejects.toThrow('unavailable');
    await expect(waiting.for(never, () => void (abandoned += 1))).rejects.toThrow('unavailable');
    expect(abandoned).toBe(1);
  });
});
