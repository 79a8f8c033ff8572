import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../../../tests/mesh/until.js';
import { goRounds, type Rounds } from './go-rounds.js';

const never = 1_000_000;
const isFine = () => undefined;

let rounds: Rounds | undefined;
let letGo: () => void;
afterEach(async () => {
  const closed = rounds?.close();
  letGo();
  await closed;
});

/** Rounds of which each takes until it is let go. */
function hold(interval: number, first = 0) {
  const held: (() => void)[] = [];
  letGo = () => held.shift()?.();
  const seen = { begun: 0, ended: 0, most: 0 };
  const round = async () => {
    seen.begun += 1;
    seen.most = Math.max(seen.most, seen.begun - seen.ended);
    await new Promise<void>((resolve) => held.push(resolve));
    seen.ended += 1;
  };
  rounds = goRounds({ name: 'held', interval, first, round, failed: isFine });
  return { rounds, seen };
}

/** Longer than it takes until a round is under way that is to be made now. */
const aWhile = () => wait(100);

describe('rounds', () => {
  it('are made again and again, an interval after each', async () => {
    letGo = isFine;
    const made: number[] = [];
    const round = async () => void made.push(performance.now());
    rounds = goRounds({ name: 'counting', interval: 30, first: 0, round, failed: isFine });
    await until('three rounds are made', () => made.length >= 3);
    const [first = 0, second = 0, third = 0] = made;
    // A timer may be a millisecond early.
    expect(Math.min(second - first, third - second)).toBeGreaterThan(28);
  });

  it('begin after an interval, or when told', async () => {
    letGo = isFine;
    let made = 0;
    const round = async () => void (made += 1);
    const late = goRounds({ name: 'late', interval: never, round, failed: isFine });
    await aWhile();
    await late.close();
    expect(made).toBe(0);
    rounds = goRounds({ name: 'early', interval: never, first: 0, round, failed: isFine });
    await until('one is made', () => made === 1);
  });

  it('never overlap, however long one takes', async () => {
    const { seen } = hold(1);
    await until('a round has begun', () => seen.begun === 1);
    await aWhile();
    letGo();
    await until('the next has begun', () => seen.begun === 2);
    expect(seen).toEqual({ begun: 2, ended: 1, most: 1 });
  });

  it('are made at once for who wakes them, one for several', async () => {
    const { rounds: woken, seen } = hold(never, never);
    for (const _ of [1, 2, 3]) woken.wake();
    await until('a round has begun', () => seen.begun === 1);
    letGo();
    await aWhile();
    expect(seen).toEqual({ begun: 1, ended: 1, most: 1 });
  });

  it('are made once more after one in which they were woken', async () => {
    const { rounds: woken, seen } = hold(never);
    await until('a round has begun', () => seen.begun === 1);
    for (const _ of [1, 2, 3]) woken.wake();
    await aWhile();
    expect(seen.begun).toBe(1);
    letGo();
    await until('another has begun', () => seen.begun === 2);
    letGo();
    await aWhile();
    expect(seen).toEqual({ begun: 2, ended: 2, most: 1 });
  });

  it('go on after one that rejects, also when woken in it', async () => {
    letGo = isFine;
    const faults: unknown[] = [];
    let made = 0;
    const round = async () => {
      made += 1;
      if (made === 2) rounds?.wake();
      throw new Error(`no ${made}`);
    };
    rounds = goRounds({ name: 'failing', interval: 10, first: 0, round, failed: (error) => void faults.push(error) });
    await until('three rounds have failed', () => faults.length >= 3);
    expect(faults.slice(0, 3)).toEqual([new Error('no 1'), new Error('no 2'), new Error('no 3')]);
  });

  it('are over when they are closed: what is under way has ended, and nothing follows it, whoever wakes them', async () => {
    const { rounds: closing, seen } = hold(1);
    await until('a round has begun', () => seen.begun === 1);
    closing.wake();
    let over = false;
    const closed = closing.close().then(() => (over = true));
    await aWhile();
    expect(over).toBe(false);
    letGo();
    await closed;
    closing.wake();
    await aWhile();
    expect(seen).toEqual({ begun: 1, ended: 1, most: 1 });
  });

  it('are closed also while none is under way', async () => {
    const { rounds: closing, seen } = hold(never, 20);
    await closing.close();
    await aWhile();
    expect(seen.begun).toBe(0);
  });
});
