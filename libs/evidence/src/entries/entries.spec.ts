import { describe, expect, it } from '@jest/globals';
import { canonicalBytes, refusalCode, sha256Of } from '@anonymesh/protocol';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { commit, opens } from './commitment.js';
import { pendingOf, type Draft } from './draft.js';
import { readEntry, textOf } from './entry.js';
import { treeOf } from '../merkle/tree.js';
import { joinLines, leafOf, leafText, linesOf } from './queries-tree.js';

const query = 'ab'.repeat(16);
const about = { what: 'answer', query, words: 'what the holder signed' };
const letter = { ...about, party: 'aggregator', sealed: Buffer.from('sealed bytes') };
const drafts: Draft[] = [
  { did: 'received', ...letter },
  { did: 'received', ...letter, refused: 'too-old' },
  { did: 'sent', ...letter },
  { did: 'sent', ...letter, query: undefined },
  { did: 'decided', ...about },
  { did: 'decided', what: 'approve', words: Buffer.from([0, 255]) },
];

describe('an entry', () => {
  it('has one text, which is its canonical JSON and is read back', () => {
    for (const [n, draft] of drafts.entries()) {
      const { entry } = pendingOf(draft, 1_800_000_000_000);
      const text = textOf(entry, n);
      expect(text).toBe(canonicalBytes({ ...entry, n, v: 1 }).toString());
      expect(readEntry(text)).toEqual({ ...entry, n, v: 1 });
    }
  });

  it('says nothing of the words it commits to, and has others each time', () => {
    for (const draft of drafts) {
      const [one, two] = [pendingOf(draft, 1), pendingOf(draft, 1)];
      expect(JSON.stringify(one)).not.toContain('signed');
      expect(JSON.stringify(one)).not.toContain(sha256Of(draft.words));
      expect('words' in one.entry && 'words' in two.entry && one.entry.words !== two.entry.words).toBe(true);
    }
  });

  it('is of one size for an answer, whatever was answered', () => {
    const sizes = ['yes', 'no, and here is a long story'].map(
      (words) => textOf(pendingOf({ did: 'sent', ...letter, words }, 1_800_000_000_000).entry, 7).length,
    );
    expect(new Set(sizes).size).toBe(1);
  });

  const good = textOf(pendingOf({ did: 'sent', ...letter }, 1_800_000_000_000).entry, 7);
  it.each<[string, string]>([
    ['nothing', ''],
    ['no JSON', good.slice(1)],
    ['another order', JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(good) as object).reverse()))],
    ['spaces', good.replace(',', ', ')],
    ['a number in another notation', good.replace('"n":7', '"n":7.0')],
    ['a negative place', good.replace('"n":7', '"n":-7')],
    ['the same key twice', good.replace('"n":7', '"n":6,"n":7')],
    ['something it does not know', good.replace('"n":7', '"n":7,"name":"Smith"')],
    ['another version', good.replace('"v":1', '"v":2')],
    ['another deed', good.replace('"sent"', '"forgot"')],
    ['a refusal that was sent', good.replace('"query"', '"refused":"too-old","query"')],
    ['a query of another form', good.replace(query, query.toUpperCase())],
    ['a shorter hash', good.replace(/"sealed":"./, '"sealed":"')],
    ['free text', good.replace('"answer"', '"Mr Smith"')],
  ])('is none with %s', (_what, text) => {
    expect(text).not.toBe(good);
    expect(readEntry(good)?.n).toBe(7);
    expect(readEntry(text)).toBe(undefined);
  });

  it('has no room for words of its users: whatever is in it is of a closed form', () => {
    for (const code of refusalCode.options)
      expect(readEntry(textOf(pendingOf({ did: 'received', ...letter, refused: code }, 1).entry, 0))).toBeDefined();
  });
});

describe('a commitment', () => {
  it('is opened by its own salt and words, and by nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (words, others) => {
        const salt = randomBytes(16);
        const commitment = commit(salt, words);
        expect(opens(commitment, salt, words)).toBe(true);
        expect(opens(commitment, salt, others)).toBe(words === others);
        expect(opens(commitment, randomBytes(16), words)).toBe(false);
        expect(opens(commitment, salt.subarray(1), words)).toBe(false);
        expect(opens(commitment.subarray(1), salt, words)).toBe(false);
      }),
    );
  });
});

describe('the tree of queries', () => {
  const q = (digit: string) => digit.repeat(32);
  const entries = [
    { n: 9, query: q('b') },
    { n: 4, query: q('a') },
    { n: 10, query: q('a') },
    { n: 100, query: q('b') },
  ];

  const rootOf = (of: typeof entries) => treeOf(linesOf(of).map(leafOf)).root.toString('hex');

  it('has each query once, sorted, with its places in the order of their numbers', () => {
    expect(linesOf(entries)).toEqual([`${q('a')} 4 10`, `${q('b')} 9 100`]);
  });

  it('does not depend on the order in which entries are read, and on nothing less than all of them', () => {
    const root = rootOf(entries);
    expect(rootOf([...entries].reverse())).toBe(root);
    for (const left of entries) expect(rootOf(entries.filter((each) => each !== left))).not.toBe(root);
  });

  it('of two sections in a row is made of theirs', () => {
    const some = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 30 });
    fc.assert(
      fc.property(some, fc.nat(30), (digits, cut) => {
        const all = digits.map((digit, n) => ({ n, query: q(digit) }));
        expect(joinLines(linesOf(all.slice(0, cut)), linesOf(all.slice(cut)))).toEqual(linesOf(all));
      }),
    );
  });

  it('binds all places of a query that has many, and says no more than their hash', () => {
    const many = Array.from({ length: 40 }, (_, n) => `${n * 1000}`).join(' ');
    const text = leafText(q('a'), many);
    expect(text).toBe(`${q('a')} ${sha256Of(many)}`);
    expect(leafOf(`${q('a')} ${many}`)).not.toEqual(leafOf(`${q('a')} ${many.slice(0, -1)}`));
    expect(leafText(q('a'), '4 10')).toBe(`${q('a')} 4 10`);
  });
});
