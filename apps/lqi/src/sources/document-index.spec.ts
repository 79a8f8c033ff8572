import { describe, expect, it } from '@jest/globals';
import { buildIndex } from './document-index.js';

function indexOf(field: string, documents: Record<string, unknown>[]) {
  const builder = buildIndex(field);
  documents.forEach((document, number) => builder.add(document, number));
  return builder.build();
}

describe('an index of documents', () => {
  it('finds every document with a value, in order, and none that has no such text', () => {
    const index = indexOf('ni', [{ ni: 'A' }, { ni: ['A', 'B'] }, { ni: 7 }, {}, { ni: null }, { ni: 'A' }]);
    expect(index.find('A')).toEqual([0, 1, 5]);
    expect(index.find('B')).toEqual([1]);
    expect(index.find('7')).toEqual([]);
    expect(index.find('')).toEqual([]);
  });

  it('never misses one of 200,000, and names few that are not it', () => {
    const all = Array.from({ length: 200_000 }, (_, place) => ({ ni: `QQ${place}` }));
    const index = indexOf('ni', all);
    let named = 0;
    for (const [number, { ni }] of all.entries()) {
      const found = index.find(ni);
      if (!found.includes(number)) throw new Error(`${ni} is missed`);
      named += found.length;
    }
    expect(named).toBeLessThan(all.length * 1.1);
  });

  it('refuses more documents than its numbers can name', () => {
    expect(() => buildIndex('ni').add({ ni: 'A' }, 2 ** 27)).toThrow('too many');
  });
});
