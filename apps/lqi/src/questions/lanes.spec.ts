import { describe, expect, it } from '@jest/globals';
import { openLanes } from './lanes.js';

/** Work that ends when it is told to, and what was worked on so far. */
function workshop(atOnce: number) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const lanes = openLanes<string>(atOnce, async (batch) => {
    begun.push(batch.join());
    await new Promise<void>((end) => ends.set(batch[0] ?? '', end));
  });
  return { lanes, begun, finish: (first: string) => ends.get(first)?.() };
}

const turn = () => new Promise<void>((settle) => setImmediate(settle));

describe('lanes', () => {
  it('work on what came together in one batch, and on the next one when that has ended', async () => {
    const { lanes, begun, finish } = workshop(2);
    for (const item of ['a', 'b', 'c']) lanes.put('one', item);
    await turn();
    expect(begun).toEqual(['a,b']);
    finish('a');
    await turn();
    expect(begun).toEqual(['a,b', 'c']);
  });

  it('do not wait for each other', async () => {
    const { lanes, begun } = workshop(2);
    lanes.put('slow', 'a');
    await turn();
    lanes.put('quick', 'b');
    await turn();
    expect(begun).toEqual(['a', 'b']);
  });

  it('give back what nobody has begun, and end when all else is done', async () => {
    const { lanes, begun, finish } = workshop(1);
    for (const item of ['a', 'b']) lanes.put('one', item);
    await turn();
    expect(lanes.takeBack((item) => item === 'b')).toBe('b');
    expect(lanes.takeBack((item) => item === 'a')).toBe(undefined);
    let ended = false;
    const end = lanes.end().then(() => (ended = true));
    await turn();
    expect(ended).toBe(false);
    finish('a');
    await end;
    expect(begun).toEqual(['a']);
    lanes.put('one', 'c');
    await turn();
    expect(begun).toEqual(['a', 'c']);
  });
});
