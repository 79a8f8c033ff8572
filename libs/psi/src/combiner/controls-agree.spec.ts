import { describe, expect, it } from '@jest/globals';
import type { Control } from '../holder/control.js';
import { controlsAgree } from './controls-agree.js';

const holders = ['health-trust', 'housing', 'police'];
const gate = (from: string, to: string) => `${from} to ${to}`;
const controlOf = (holder: string): Control => ({
  tag: 'tag',
  gates: holders
    .filter((other) => other !== holder)
    .map((other) => ({ holder: other, given: gate(holder, other), opens: gate(other, holder) })),
});
const controls = Object.fromEntries(holders.map((holder) => [holder, controlOf(holder)]));

describe('controls', () => {
  it('agree where all tags are equal, and both gates of each pair', () => {
    expect(controlsAgree(holders, controls)).toBe(true);
  });

  it('do not where one tag is another, or one is missing', () => {
    expect(controlsAgree(holders, { ...controls, police: { ...controlOf('police'), tag: 'other' } })).toBe(false);
    expect(controlsAgree(holders, { police: controlOf('police'), housing: controlOf('housing') })).toBe(false);
    expect(controlsAgree(holders, {})).toBe(false);
  });

  it('do not where one gate is another, missing, doubled or of the wrong holder', () => {
    const { tag, gates } = controlOf('police');
    const [first, second] = gates;
    for (const bad of [
      [{ ...first!, given: 'other' }, second!],
      [{ ...first!, opens: 'other' }, second!],
      [{ ...first!, given: first!.opens, opens: first!.given }, second!],
      [first!],
      [],
      [first!, first!],
      [first!, second!, second!],
      [{ ...first!, holder: 'stranger' }, second!],
    ])
      expect(controlsAgree(holders, { ...controls, police: { tag, gates: bad } })).toBe(false);
  });
});
