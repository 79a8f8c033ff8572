import { describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { amiss, well, type Found } from './check.js';
import { seldom } from './seldom.js';

const lost = amiss('lost', 'It is lost.', 'Find it.');

function counted(milliseconds: number) {
  const state: { found: Found; looks: number } = { found: well('Fine.'), looks: 0 };
  const look = async () => {
    state.looks += 1;
    return state.found;
  };
  return { state, check: seldom({ name: 'x', look, lost }, milliseconds) };
}

describe('a check that is looked at seldom', () => {
  it('believes for a while what was well, and then looks again', async () => {
    const { state, check } = counted(100);
    expect([await check.look(), await check.look()]).toEqual([well('Fine.'), well('Fine.')]);
    expect(state.looks).toBe(1);
    await wait(120);
    state.found = lost;
    expect(await check.look()).toEqual(lost);
  });

  it('looks each time while something is amiss, so that what was put right is seen at once', async () => {
    const { state, check } = counted(60_000);
    state.found = lost;
    expect([await check.look(), await check.look()]).toEqual([lost, lost]);
    state.found = well('Fine again.');
    expect(await check.look()).toEqual(well('Fine again.'));
    expect(state.looks).toBe(3);
  });
});
