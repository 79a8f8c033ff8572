import { describe, expect, it } from '@jest/globals';
import { format, inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { canonicalBytes } from '@anonymesh/protocol';
import { Withheld } from './withheld.js';

const secret = 'AB123456C';
const value = new Withheld(secret);
const holding = { person: { niNumber: value }, list: [value] };

describe('a withheld value', () => {
  it('is given only to who asks for it by that word', () => {
    expect(value.reveal()).toBe(secret);
  });

  it.each<[string, () => string]>([
    ['String', () => String(value)],
    ['a template', () => `about ${value as unknown as string}`],
    ['concatenation', () => 'about ' + (value as unknown as string)],
    ['join', () => [value, value].join()],
    ['JSON', () => JSON.stringify(holding)],
    ['canonical JSON', () => canonicalBytes(holding).toString()],
    ['inspect', () => inspect(holding, { depth: null })],
    ['inspect with everything shown', () => inspect(holding, { depth: null, showHidden: true, getters: true })],
    ['inspect without its own word', () => inspect(holding, { depth: null, showHidden: true, customInspect: false })],
    ['format', () => format('%s %o %O %j', value, value, value, value)],
    ['an error', () => inspect(new Error(`cannot find ${value as unknown as string}`, { cause: value }))],
    ['an error that has it', () => inspect(Object.assign(new Error('no'), holding))],
    ['a clone', () => inspect(structuredClone(holding), { depth: null, showHidden: true })],
    ['serialised bytes', () => serialize(holding).toString('latin1')],
    ['what is read back of them', () => inspect(deserialize(serialize(holding)), { depth: null })],
    [
      'its members',
      () => JSON.stringify([Object.keys(value), Object.values(value), Reflect.ownKeys(value), { ...value }]),
    ],
    ['a symbol', () => Symbol(String(value)).toString()],
    ['a sort', () => [value, 'AA', 'zz'].sort().map(String).join()],
  ])('is not told by %s', (_what, print) => {
    expect(print()).not.toContain(secret);
  });

  it('says that something is withheld', () => {
    expect([String(value), JSON.stringify(value), inspect(value)]).toEqual([
      '[withheld]',
      '"[withheld]"',
      '[withheld]',
    ]);
  });
});
