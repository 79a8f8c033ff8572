import { describe, expect, it } from '@jest/globals';
import { signJws } from '@anonymesh/protocol';
import { newKey } from './key-file.js';
import { isPinned, signTemplate, template, templateHashOf, type Template } from './template.js';

const [author, reviewer, stranger] = [newKey('Ed25519'), newKey('Ed25519'), newKey('Ed25519')];
const content: Template = template.parse({
  id: 'tax-returns',
  version: 1,
  kind: 'sql',
  dialect: 'sqlite',
  title: 'Tax returns',
  parameters: ['niNumber', 'asOf'],
  answer: 'row',
  reason: 'return-missing',
  reasons: { 'return-missing': 'A tax return is missing.' },
  contact: 'HMRC',
  statement: 'select 1 as concern where :niNumber = :asOf',
  rows: 1,
  milliseconds: 1000,
});
const terms = { hash: templateHashOf(content), author: author.kid, reviewer: reviewer.kid };
const signatures = [await signTemplate(content, author), await signTemplate(content, reviewer)];

describe('a template', () => {
  it('runs where the agreement pins it and both of its people signed it, in whatever order', async () => {
    expect(isPinned(content, signatures, terms)).toBe(true);
    expect(isPinned(content, [...signatures].reverse(), terms)).toBe(true);
    expect(isPinned(content, [await signTemplate(content, stranger), ...signatures], terms)).toBe(true);
  });

  it('does not run without one of the two signatures', () => {
    for (const one of signatures) expect(isPinned(content, [one], terms)).toBe(false);
    expect(isPinned(content, [], terms)).toBe(false);
    expect(
      isPinned(
        content,
        [signatures[0], signatures[0]].flatMap((each) => each ?? []),
        terms,
      ),
    ).toBe(false);
  });

  it('does not run where its author reviewed it', () => {
    expect(isPinned(content, signatures, { ...terms, reviewer: author.kid })).toBe(false);
  });

  it('does not run where others signed it than the agreement names', async () => {
    const others = [await signTemplate(content, author), await signTemplate(content, stranger)];
    expect(isPinned(content, others, terms)).toBe(false);
    const borrowed = {
      identity: signatures[1]?.identity ?? '',
      signature: (await signTemplate(content, stranger)).signature,
    };
    expect(isPinned(content, [await signTemplate(content, author), borrowed], terms)).toBe(false);
  });

  it('does not run once a word of it has changed, not even with both signatures over the change', async () => {
    const changed = template.parse({ ...content, statement: 'select 0 as concern' });
    expect(isPinned(changed, signatures, terms)).toBe(false);
    expect(isPinned(changed, [await signTemplate(changed, author), await signTemplate(changed, reviewer)], terms)).toBe(
      false,
    );
    expect(isPinned(changed, signatures, { ...terms, hash: templateHashOf(changed) })).toBe(false);
  });

  it('does not run by a signature over something else', async () => {
    const signed = async (payload: object, type = 'anonymesh-template-signature') => [
      await signTemplate(content, author),
      {
        identity: signatures[1]?.identity ?? '',
        signature: await signJws(Buffer.from(JSON.stringify(payload)), type, reviewer),
      },
    ];
    expect(isPinned(content, await signed({ template: terms.hash }), terms)).toBe(true);
    expect(isPinned(content, await signed({ template: terms.hash }, 'anonymesh-message'), terms)).toBe(false);
    expect(isPinned(content, await signed({ template: terms.hash, but: 'not on Sundays' }), terms)).toBe(false);
    expect(isPinned(content, await signed({ agreement: terms.hash }), terms)).toBe(false);
  });

  it.each<[string, object]>([
    ['no statement', { statement: '' }],
    ['something it does not know', { afterwards: 'drop table' }],
    ['a reason that it does not give', { reason: 'other' }],
    ['a reason that every object has', { reason: 'constructor', reasons: {} }],
    ['a reason longer than an explanation holds', { reasons: { 'return-missing': 'ŵ'.repeat(151) } }],
    ['a contact longer than an explanation holds', { contact: '李'.repeat(67) }],
    ['no limit of time', { milliseconds: undefined }],
    ['more rows than are ever needed', { rows: 1001 }],
    ['another dialect', { dialect: 'oracle' }],
    ['stages beside its statement', { stages: [{}] }],
    ['another kind', { kind: 'shell' }],
    ['a parameter that is code', { parameters: ['niNumber; drop'] }],
  ])('is refused with %s', (_what, change) => {
    expect(template.safeParse({ ...content, ...change }).success).toBe(false);
  });
});

describe('a template of a set', () => {
  const set = {
    id: 'concern-list',
    version: 1,
    kind: 'sql',
    dialect: 'sqlite',
    title: 'Concern list',
    parameters: [],
    answer: 'set',
    statement: 'select surname from child',
    rows: 20_000_000,
    milliseconds: 3_600_000,
  } as const;
  const { kind: _kind, dialect: _dialect, statement: _statement, ...rest } = set;
  const stages = { ...rest, kind: 'pipeline', collection: 'children', stages: [{ $match: {} }] };

  it('takes no parameters, and as many rows and as much time as a set needs', async () => {
    expect(template.parse(set)).toEqual(set);
    expect(template.parse(stages)).toEqual(stages);
    const signed = template.parse(set);
    const pinned = { ...terms, hash: templateHashOf(signed) };
    expect(isPinned(signed, [await signTemplate(signed, author), await signTemplate(signed, reviewer)], pinned)).toBe(
      true,
    );
  });

  it.each<[string, object]>([
    ['a reason, for nobody is told one', { reason: 'listed', reasons: { listed: 'On the list.' } }],
    ['a contact', { contact: 'Police' }],
    ['more rows than a set may have', { rows: 20_000_001 }],
    ['more than an hour', { milliseconds: 3_600_001 }],
    ['no limit of rows', { rows: undefined }],
    ['another answer', { answer: 'sets' }],
    ['no answer', { answer: undefined }],
    ['stages beside its statement', { stages: [{}] }],
  ])('is refused with %s', (_what, change) => {
    expect(template.safeParse({ ...set, ...change }).success).toBe(false);
  });

  it('lends its limits to no check', () => {
    expect(template.safeParse({ ...content, rows: 20_000 }).success).toBe(false);
    expect(template.safeParse({ ...content, milliseconds: 600_001 }).success).toBe(false);
    expect(template.safeParse({ ...content, parameters: [] }).success).toBe(false);
    expect(template.safeParse({ ...content, answer: 'set' }).success).toBe(false);
  });
});
