import { describe, expect, it } from '@jest/globals';
import type { Standing } from '@anonymesh/trust';
import { standingInWords } from './index.js';

const agreement = {
  parties: ['hmrc', 'dwp', 'council'].map((id) => {
    return { id, kind: 'holder', name: id.toUpperCase(), identity: 'A'.repeat(43) } as const;
  }),
  validity: { from: '2026-06-01', until: '2026-06-30' },
};

describe('how an agreement stands, in words', () => {
  const now = Date.UTC(2026, 5, 15);
  const cases: [Standing, string, number?][] = [
    [{ standing: 'in-force' }, 'in force until 2026-06-30'],
    [{ standing: 'waiting', for: ['dwp'] }, 'waiting for the node of DWP to say that it is in force'],
    [
      { standing: 'waiting', for: ['dwp', 'hmrc', 'council'] },
      'waiting for the nodes of DWP, HMRC and COUNCIL to say that it is in force',
    ],
    [{ standing: 'unsigned', for: ['hmrc', 'dwp'] }, 'not signed yet by HMRC and DWP'],
    [{ standing: 'withdrawn', by: ['council'] }, 'withdrawn by COUNCIL'],
    [{ standing: 'superseded', newer: 4 }, 'replaced by version 4'],
    [{ standing: 'in-conflict' }, 'signed by all in two different documents of this version, so that neither is run'],
    [{ standing: 'not-valid-today' }, 'signed by all, and begins on 2026-06-01', Date.UTC(2026, 4, 31, 23)],
    [{ standing: 'not-valid-today' }, 'expired on 2026-06-30', Date.UTC(2026, 6, 1)],
    [{ standing: 'unknown' }, 'not known to this node'],
  ];

  it.each(cases)('%j is: %s', (standing, words, at = now) => {
    expect(standingInWords(standing, agreement, at)).toBe(words);
  });
});
