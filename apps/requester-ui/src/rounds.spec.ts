import { afterEach, describe, expect, it } from '@jest/globals';
import { openLog } from '@anonymesh/runtime';
import { until } from '../../../tests/mesh/until.js';
import { startRounds, type Rounds } from './rounds.js';

const lines: string[] = [];
const log = openLog({ app: 'requester-ui', to: { write: (line) => void lines.push(line) } });

let rounds: Rounds | undefined;
afterEach(() => rounds?.close());

describe('rounds', () => {
  it('are made at once, and again after every interval', async () => {
    let made = 0;
    rounds = startRounds('counting', async () => (made += 1), { log, every: 10 });
    expect(made).toBe(1);
    await until('three rounds are made', () => made >= 3);
  });

  it('never overlap; a wake in the middle of one leads to one more', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let made = 0;
    let under = 0;
    let most = 0;
    const task = async () => {
      made += 1;
      most = Math.max(most, (under += 1));
      await promise;
      under -= 1;
    };
    rounds = startRounds('waiting', task, { log, every: 1_000_000 });
    rounds.wake();
    rounds.wake();
    expect(made).toBe(1);
    resolve();
    await until('another round is made', () => made === 2);
    expect(most).toBe(1);
  });

  it('go on after one that fails', async () => {
    let made = 0;
    const failing = async () => {
      made += 1;
      throw new Error('AB123456C');
    };
    rounds = startRounds('failing', failing, { log, every: 10 });
    await until('two rounds have failed', () => made >= 2);
    expect(lines.join('')).toContain('round.failed');
    expect(lines.join('')).not.toContain('AB123456C');
  });

  it('are over when they are closed', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let done = false;
    rounds = startRounds('closing', () => promise.then(() => void (done = true)), { log, every: 1_000_000 });
    const closed = rounds.close();
    resolve();
    await closed;
    expect(done).toBe(true);
  });
});
