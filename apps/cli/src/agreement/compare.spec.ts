import { describe, expect, it } from '@jest/globals';
import type { Agreement } from '@anonymesh/protocol';
import { changeEachLeaf } from '../../../../tests/mesh/change-each-leaf.js';
import { wholeCheck, wholeSet } from '../../../../tests/mesh/whole-agreements.js';
import { compare, comparisonInWords } from './compare.js';

describe.each<[string, Agreement]>([
  ['checks', wholeCheck],
  ['sets', wholeSet],
])('two versions of an agreement on %s', (_what, content) => {
  it('differ in words wherever they differ, also by what is in one of them alone', () => {
    const changed = changeEachLeaf(content);
    expect(changed.length).toBeGreaterThan(90);
    const unsaid = changed.filter(([, other]) =>
      [compare(content, other), compare(other, content)].some(({ changes }) => changes.length === 0),
    );
    expect(unsaid.map(([where]) => where)).toEqual([]);
  });

  it('say the same only where they are the same', () => {
    const same = compare(content, structuredClone(content));
    expect([same.changes, comparisonInWords(same)]).toEqual([[], [['Both say the same.']]]);
  });
});
