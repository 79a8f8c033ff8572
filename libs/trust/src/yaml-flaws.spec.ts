import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { inWords, parseYaml } from './yaml-flaws.js';

const schema = z.strictObject({
  id: z.string(),
  count: z.int().max(5).optional(),
  list: z.array(z.strictObject({ name: z.string().max(3) })).optional(),
  how: z.union([z.literal('any'), z.strictObject({ atLeast: z.int() })]).optional(),
});
const flawsIn = (text: string) => {
  const parsed = parseYaml('a.yaml', text, schema);
  return parsed.ok ? [] : parsed.flaws.map(inWords);
};

describe('what is wrong in a YAML document', () => {
  it.each([
    ['id: a\ncount: 9\n', /^a\.yaml:2:8: count: /],
    ['id: a\ncount:\n', /^a\.yaml:2:1: count: /],
    ['id: a\nlist:\n  - name: a\n  - name: abcd\n', /^a\.yaml:4:11: list\.1\.name: /],
    ['id: a\nlist: [{ name: a, nam: b }]\n', /^a\.yaml:2:24: list\.0\.nam: no such key/],
    ['count: 1\n', /^a\.yaml:1:1: id: missing$/],
    ['id: a\nlist:\n  - {}\n', /^a\.yaml:3:5: list\.0\.name: missing$/],
    ['id: a\nhow: some\n', /^a\.yaml:2:6: how: has none of the forms/],
    ['id: a\nid: b\n', /^a\.yaml:2:1: Map keys must be unique/],
    ['id: [a\n', /^a\.yaml:2:1: Flow sequence/],
    ['id: a\n---\nid: b\n', /^a\.yaml:2:1: Source contains multiple documents/],
    ['id: *nowhere\n', /^a\.yaml:1:\d+: Unresolved alias/],
    ['id: <fill me in>\ncount: 9\n', /^a\.yaml:1:5: id: still to be filled in: <fill me in>$/],
    ['# nothing\n', /^a\.yaml:\d+:\d+: .*expected object/],
    ['- id: a\n', /^a\.yaml:1:1: .*expected object/],
  ])('in %j is told with line and column', (text, expected) => {
    expect(flawsIn(text)).toHaveLength(1);
    expect(flawsIn(text)[0]).toMatch(expected);
  });

  it('is all told at once', () => {
    expect(flawsIn('count: 9\nlist: [{ name: abcd }]\nmore: 1\n')).toHaveLength(4);
  });

  it('is nothing in a good one, which can still be found at fault in what it says', () => {
    const parsed = parseYaml('a.yaml', 'id: &a x\nlist: [{ name: *a }]\nhow: { atLeast: 2 }\n', schema);
    if (!parsed.ok) throw new Error('not read');
    expect(parsed.value.list).toEqual([{ name: 'x' }]);
    expect(inWords(parsed.flawAt(['how', 'atLeast'], 'too few'))).toBe('a.yaml:3:17: how.atLeast: too few');
    expect(inWords(parsed.flawAt(['how', 'nowhere'], 'missing'))).toBe('a.yaml:3:1: how.nowhere: missing');
  });

  it('is told of aliases that would multiply, before they do', () => {
    const bomb = [
      'a: &a [x]',
      ...'bcdefghij'
        .split('')
        .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[at]}`).join(', ')}]`),
    ];
    expect(flawsIn(bomb.join('\n'))).toEqual([expect.stringContaining('alias')]);
  });

  it('never throws, and always has a line and a column that are there, whatever is written', () => {
    const piece = fc.constantFrom(
      'id',
      'count',
      'list',
      ': ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&a',
      '*a',
      '!!x ',
      '"',
      '|',
      '<',
      '>',
      '9',
      '#',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          const parsed = parseYaml('a.yaml', text, schema);
          const lines = text.split('\n');
          for (const { line, column } of parsed.ok ? [] : parsed.flaws) {
            expect(line).toBeLessThanOrEqual(lines.length);
            expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
            expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
          }
        },
      ),
      { numRuns: 1000, examples: [['{{]id\nid']] },
    );
  });
});
