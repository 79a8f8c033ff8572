import { afterEach, describe, expect, it } from '@jest/globals';
import { openLog, type Rounds } from '@anonymesh/runtime';
import { until } from '../../../tests/mesh/until.js';
import { startRounds } from './rounds.js';

const lines: string[] = [];
const log = openLog({ app: 'requester-ui', to: { write: (line) => void lines.push(line) } });

let rounds: Rounds | undefined;
afterEach(() => rounds?.close());

describe('rounds', () => {
  it('go on after one that fails, and the log says which, not of what', async () => {
    let made = 0;
    const failing = async () => {
      made += 1;
      throw new Error('AB123456C');
    };
    rounds = startRounds('failing', failing, { log, every: 10 });
    await until('two rounds have failed', () => made >= 2);
    expect(lines.join('')).toMatch(/round\.failed.*failing/);
    expect(lines.join('')).not.toContain('AB123456C');
  });
});
