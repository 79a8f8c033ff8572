import { describe, expect, it } from '@jest/globals';
import { mayAskAgain, type Asking } from './may-ask-again.js';

const now = 1000;
const asking = (t: number, changed: Partial<Asking> = {}): Asking => {
  return { id: `query-${t}`, t, state: 'decided', admitted: true, wish: null, deadline: 900, ...changed };
};

describe('a wish to be checked anew', () => {
  it('leads to the next number after the newest asking', () => {
    expect(mayAskAgain([asking(0)], 'query-0', 'wish', now)).toEqual({ t: 1 });
    expect(mayAskAgain([asking(0), asking(1)], 'query-1', 'wish', now)).toEqual({ t: 2 });
  });

  it('waits for no one: it is refused while an asking is open', () => {
    for (const state of ['asking', 'waiting'] as const) {
      const open = asking(1, { state, admitted: state === 'waiting', deadline: now + 1 });
      expect(mayAskAgain([asking(0), open], 'query-0', 'wish', now)).toBe('not-decided');
      expect(mayAskAgain([asking(0), open], 'query-1', 'wish', now)).toBe('not-decided');
    }
  });

  it('may follow an asking that is past its deadline, whether or not that was written down', () => {
    expect(mayAskAgain([asking(0, { state: 'waiting', deadline: now })], 'query-0', 'wish', now)).toEqual({ t: 1 });
  });

  it('is refused when it is relayed a second time', () => {
    expect(mayAskAgain([asking(0), asking(1)], 'query-0', 'wish', now)).toBe('query-differs');
    expect(mayAskAgain([asking(0), asking(1, { wish: 'wish' })], 'query-1', 'wish', now)).toBe('replayed');
  });

  it('leaves out no number: one that the mesh never had is used again', () => {
    const never = asking(1, { state: 'refused', admitted: false });
    expect(mayAskAgain([asking(0), never], 'query-0', 'wish', now)).toEqual({ t: 1 });
    // The portal found it, so the mesh had it after all.
    expect(mayAskAgain([asking(0), never], 'query-1', 'wish', now)).toEqual({ t: 2 });
  });

  it('is about a query of its own chain', () => {
    expect(mayAskAgain([asking(0)], 'query-7', 'wish', now)).toBe('not-found');
  });
});
