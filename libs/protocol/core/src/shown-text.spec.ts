import { describe, expect, it } from '@jest/globals';
import { shownName, shownProse } from './shown-text.js';

const takes = (schema: ReturnType<typeof shownName>, text: string) => schema.safeParse(text).success;

describe('a text that people read', () => {
  it.each([
    'Ministère de l’Intérieur',
    '内務省 (“Home Office”)',
    'وزارة الداخلية',
    'עיר',
    'O’Brien & Søn – 😀',
    '{{ 1 }} <b>',
  ])('may be %s', (text) => {
    expect([takes(shownName(200), text), takes(shownProse(400), text)]).toEqual([true, true]);
  });

  it.each([
    '\u001b[2K\u001b[1A',
    '\u009b2K',
    '\u0000',
    '\t',
    '\r',
    '\u007f',
    '\u202a',
    '\u202e',
    '\u2066',
    '\u2069',
    '\u200b',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\ue000',
  ])('has no %j in it', (hidden) => {
    for (const text of [hidden, `Name${hidden}`, `a ${hidden} b`])
      expect([takes(shownName(200), text), takes(shownProse(400), text)]).toEqual([false, false]);
  });

  it('may have several lines where it is no name', () => {
    expect([takes(shownName(200), 'one\ntwo'), takes(shownProse(400), 'one\n\ntwo\n')]).toEqual([false, true]);
  });

  it('is as long as it may be, and not empty', () => {
    expect(['', 'x'.repeat(200), 'x'.repeat(201)].map((text) => takes(shownName(200), text))).toEqual([
      false,
      true,
      false,
    ]);
  });
});
