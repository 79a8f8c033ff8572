import { describe, expect, it } from '@jest/globals';
import { fieldFormat, type FieldFormat } from '@anonymesh/protocol';
import fc from 'fast-check';
import { isCanonical, normalise } from './formats.js';

const canonical = (format: FieldFormat, typed: string) => normalise(format, typed)?.reveal();

describe.each(fieldFormat.options)('the format %s', (format) => {
  const seeds = [
    'AB123456C',
    'J\u030c o\u2019H\u0331are',
    'ΟΔΥΣΣΕΥΣ',
    '2026-02-28',
    'sw1a 1aa',
    'ﬁona',
    'İ',
    'Ｎ Ｍ１',
  ];
  const typed = fc.oneof(fc.constantFrom(...seeds), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

  it('has one canonical form: what was brought to it stays as it is', () => {
    const property = fc.property(typed, (text) => {
      const once = canonical(format, text);
      if (once === undefined) return;
      expect(canonical(format, once)).toBe(once);
      expect(isCanonical(format, once)).toBe(true);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('takes what cannot be told apart by eye for the same', () => {
    const property = fc.property(typed, (text) => {
      for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const)
        expect(canonical(format, text.normalize(form))).toBe(canonical(format, text));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('takes no empty, no long and no broken text', () => {
    for (const text of ['', ' ', '\u0000', 'x'.repeat(201), '\ud800', '\u202e'])
      expect(canonical(format, text)).toBe(undefined);
  });

  it('takes no text of another language, but as plain text', () => {
    for (const text of ["'; drop table people; --", '{"$ne":1}'])
      expect(canonical(format, text)).toBe(format === 'text' ? text : undefined);
  });
});

describe('a National Insurance number', () => {
  it.each(['AB123456C', 'ab 12 34 56 c', ' AB-12-34-56-C ', 'ＡＢ１２３４５６Ｃ', 'AB\u00a0123456\u00a0C'])(
    'may be typed as %s',
    (typed) => expect(canonical('ni-number', typed)).toBe('AB123456C'),
  );

  it.each([
    'BG',
    'GB',
    'KN',
    'NK',
    'NT',
    'TN',
    'ZZ',
    'DA',
    'FA',
    'IA',
    'QA',
    'UA',
    'VA',
    'AD',
    'AF',
    'AI',
    'AO',
    'AQ',
    'AU',
    'AV',
  ])('does not begin with %s (NIM39110)', (prefix) =>
    expect(canonical('ni-number', `${prefix}123456C`)).toBe(undefined),
  );

  it.each(['AB123456', 'AB123456E', 'AB12345C', 'AB1234567C', 'A1123456C', 'AB123456CC', 'AB12345٦C'])(
    'is not %s',
    (typed) => expect(canonical('ni-number', typed)).toBe(undefined),
  );
});

describe('a name', () => {
  it.each([
    ['  Van  der\tBerg ', 'van der berg'],
    ['O\u2019Neill', "o'neill"],
    ['ﬁona', 'fiona'],
    ['ZOE\u0308', 'zo\u00eb'],
    ['J\u030cones', '\u01f0ones'],
    ['Ｓmith-Jones', 'smith-jones'],
    ['李小龍', '李小龍'],
  ])('is brought from %j to %j', (typed, name) => {
    expect(canonical('name', typed)).toBe(name);
  });

  it.each(['42', "'", '-a', 'a1', 'a;b', 'a\u0000b', 'a_b', `a${'b'.repeat(100)}`])('is not %j', (typed) => {
    expect(canonical('name', typed)).toBe(undefined);
  });
});

describe('a date', () => {
  it.each(['2026-02-28', '2024-02-29', '1850-01-01', '2099-12-31'])('may be %s', (typed) => {
    expect(canonical('date', ` ${typed} `)).toBe(typed);
  });

  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '1849-12-31',
    '2100-01-01',
    '28/02/2026',
    '2026-2-8',
    '2026-02-28T00:00',
  ])('is not %s', (typed) => expect(canonical('date', typed)).toBe(undefined));
});

describe('a postcode', () => {
  it.each([
    ['sw1a1aa', 'SW1A 1AA'],
    [' M1   1AE', 'M1 1AE'],
    ['cr2 6xh', 'CR2 6XH'],
    ['DN551PT', 'DN55 1PT'],
  ])('is brought from %s to %s', (typed, code) => expect(canonical('postcode', typed)).toBe(code));

  it.each(['SW1A', '1AA SW1A', 'SW1A 1A', 'SW1A 11A', 'ABC1 1AA'])('is not %s', (typed) => {
    expect(canonical('postcode', typed)).toBe(undefined);
  });
});

describe('a holder', () => {
  it.each<[FieldFormat, string]>([
    ['ni-number', 'ab123456c'],
    ['ni-number', 'AB 123456 C'],
    ['name', 'Okafor'],
    ['name', 'okafor '],
    ['postcode', 'NM14QT'],
    ['date', ' 2026-01-01'],
  ])('refuses a %s that is not canonical: %j', (format, text) => {
    expect(canonical(format, text)).toBeDefined();
    expect(isCanonical(format, text)).toBe(false);
  });
});
