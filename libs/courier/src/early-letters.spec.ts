import { describe, expect, it } from '@jest/globals';
import { openEarlyLetters } from './early-letters.js';

const from = (id: string) => ({ id, kind: 'holder', identity: '' }) as const;
const letter = (sender: string, id: number) => ({ from: from(sender), id: String(id) });

describe('letters that came too early', () => {
  it('wait up to a number of each sender, whatever others send', () => {
    const early = openEarlyLetters();
    const waits = (sender: string) =>
      Array.from({ length: 3000 }, (_, id) => early.mayWait(letter(sender, id))).filter(Boolean).length;
    expect(waits('police')).toBe(128);
    expect(waits('schools')).toBe(128);
  });

  it('may go on waiting once they do, and make room when they are settled', () => {
    const early = openEarlyLetters();
    for (let id = 0; id < 128; id++) early.mayWait(letter('police', id));
    expect(early.mayWait(letter('police', 127))).toBe(true);
    expect(early.mayWait(letter('police', 128))).toBe(false);
    early.forget(letter('police', 5));
    early.forget(letter('schools', 6));
    expect(early.mayWait(letter('police', 128))).toBe(true);
    expect(early.mayWait(letter('police', 129))).toBe(false);
  });

  it('make room when they have not come again for long: another copy has them', () => {
    let now = 0;
    const early = openEarlyLetters(() => now);
    for (let id = 0; id < 128; id++) early.mayWait(letter('police', id));
    now = 50_000;
    early.mayWait(letter('police', 0));
    now = 70_000;
    expect(early.mayWait(letter('police', 200))).toBe(true);
    expect(early.mayWait(letter('police', 0))).toBe(true);
  });
});
