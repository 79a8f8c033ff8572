import { describe, expect, it } from '@jest/globals';
import { canonicalBytes, pad, seal, type FieldFormat } from '@anonymesh/protocol';
import { randomBytes } from 'node:crypto';
import { commonFieldBytes, openPart, sealPart, type PartBinding } from './part.js';
import { queryKeyOf } from './reference.js';
import { Withheld, type SubjectFields } from './withheld.js';

const holderKey = queryKeyOf(randomBytes(32), 0);
const find = (kid: string) => (kid === holderKey.own.kid ? holderKey.own : undefined);
const random = (length: number) => randomBytes(length).toString('base64url');
const binding: PartBinding = {
  manifest: { nonce: random(16), agreement: random(32), requester: 'immigration' },
  holder: 'hmrc',
};
const field = (format: FieldFormat) => ({ format, label: format });
const fields = { niNumber: field('ni-number'), surname: field('name'), birthDate: field('date') };
const agreed = { fields, receives: ['niNumber', 'surname'] };
const withhold = (values: Record<string, string>): SubjectFields =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Withheld(value)]));
const person = withhold({ niNumber: 'AB123456C', surname: 'okafor', birthDate: '1985-03-27' });
const sealed = sealPart(person, agreed.receives, holderKey.public, binding);

const reveal = (opened: ReturnType<typeof openPart>) =>
  typeof opened === 'string'
    ? opened
    : Object.fromEntries(Object.entries(opened).map(([name, v]) => [name, v.reveal()]));
const open = (part = sealed, bound = binding, terms = agreed) => reveal(openPart(part, find, bound, terms));

/** A part as a requester would seal it that does not keep to the agreement. */
function sealText(text: string, receives = agreed.receives): string {
  const { manifest, holder } = binding;
  const context = {
    message: 'part',
    nonce: manifest.nonce,
    agreement: manifest.agreement,
    from: manifest.requester,
    to: holder,
  };
  return seal(pad(Buffer.from(text).toString('base64url'), 512 * (1 + receives.length)), holderKey.public, context);
}
const sealFields = (values: unknown) => sealText(JSON.stringify({ fields: values }));

describe('a part', () => {
  it('gives its holder the agreed fields and no others', () => {
    expect(open()).toEqual({ niNumber: 'AB123456C', surname: 'okafor' });
  });

  it('opens to values that do not print themselves', () => {
    expect(JSON.stringify(openPart(sealed, find, binding, agreed))).toBe(
      '{"niNumber":"[withheld]","surname":"[withheld]"}',
    );
  });

  it.each<[string, PartBinding]>([
    ['query', { ...binding, manifest: { ...binding.manifest, nonce: random(16) } }],
    ['agreement', { ...binding, manifest: { ...binding.manifest, agreement: random(32) } }],
    ['requester', { ...binding, manifest: { ...binding.manifest, requester: 'childrens-services' } }],
    ['holder', { ...binding, holder: 'dwp' }],
  ])('does not open when moved to another %s', (_what, other) => {
    expect(open(sealed, other)).toBe('part-not-bound');
  });

  it('of another holder, sealed to its key, is an unknown key', () => {
    const other = queryKeyOf(randomBytes(32), 0);
    expect(open(sealPart(person, agreed.receives, other.public, binding))).toBe('unknown-key');
  });

  it.each([
    ['a field that is not agreed', { niNumber: 'AB123456C', surname: 'okafor', birthDate: '1985-03-27' }],
    ['another field in place of one', { niNumber: 'AB123456C', birthDate: '1985-03-27' }],
    ['a field missing', { niNumber: 'AB123456C' }],
    ['no fields', {}],
    ['a field that every object has', { niNumber: 'AB123456C', constructor: 'okafor' }],
    ['a value that is not canonical', { niNumber: 'ab123456c', surname: 'okafor' }],
    ['a name with a space after it', { niNumber: 'AB123456C', surname: 'okafor ' }],
    ['a value that is no such number', { niNumber: 'QQ123456C', surname: 'okafor' }],
    ['an empty value', { niNumber: 'AB123456C', surname: '' }],
  ])('with %s is not as agreed', (_what, values) => {
    expect(open(sealFields(values))).toBe('fields-not-agreed');
  });

  it.each([
    ['a number for a value', '{"fields":{"niNumber":1,"surname":"okafor"}}'],
    ['a list for a value', '{"fields":{"niNumber":["AB123456C"],"surname":"okafor"}}'],
    ['something beside the fields', '{"fields":{"niNumber":"AB123456C","surname":"okafor"},"note":""}'],
    ['no fields', '{}'],
    ['no JSON', 'niNumber=AB123456C'],
    ['nothing', ''],
  ])('with %s is malformed', (_what, text) => {
    expect(open(sealText(text))).toBe('malformed');
  });

  it('of another size is malformed: its length would tell', () => {
    const context = { message: 'part', ...binding.manifest, from: 'immigration', to: 'hmrc' };
    const { requester: _none, ...exact } = context;
    const text = canonicalBytes({ fields: { niNumber: 'AB123456C', surname: 'okafor' } }).toString('base64url');
    for (const size of [512, 1535, 1537, 2048])
      expect(open(seal(pad(text, size), holderKey.public, exact))).toBe('malformed');
    expect(open(seal(pad(text, 1536), holderKey.public, exact))).toEqual({ niNumber: 'AB123456C', surname: 'okafor' });
  });

  it('has one size, whoever it is about, also with the longest names', () => {
    const names = ['o', 'okafor', 'ǰ'.repeat(100), '李'.repeat(100), '𠮷'.repeat(50)];
    const sizes = names.map((surname) => {
      const about = withhold({ niNumber: 'AB123456C', surname });
      const part = sealPart(about, agreed.receives, holderKey.public, binding);
      expect(open(part)).toEqual({ niNumber: 'AB123456C', surname });
      return part.length;
    });
    expect(new Set(sizes).size).toBe(1);
  });

  it('is not sealed where a field is missing', () => {
    expect(() => sealPart(withhold({ niNumber: 'AB123456C' }), agreed.receives, holderKey.public, binding)).toThrow();
  });
});

describe('the fields that all holders receive', () => {
  it('give the same bytes at every holder, whatever else it receives', () => {
    const other = withhold({ niNumber: 'AB123456C', birthDate: '1985-03-27' });
    expect(commonFieldBytes(person, ['niNumber'])).toEqual(commonFieldBytes(other, ['niNumber']));
    expect(commonFieldBytes(person, ['niNumber', 'surname']).toString()).toBe(
      '{"niNumber":"AB123456C","surname":"okafor"}',
    );
    expect(commonFieldBytes(person, ['surname', 'niNumber'])).toEqual(
      commonFieldBytes(person, ['niNumber', 'surname']),
    );
  });

  it('tell a field that is missing from one that is there', () => {
    expect(commonFieldBytes(person, ['postcode']).toString()).toBe('{"postcode":null}');
  });
});
