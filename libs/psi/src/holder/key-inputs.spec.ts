import { describe, expect, it } from '@jest/globals';
import { lengthPrefixed, type MatchKey } from '@anonymesh/protocol';
import { controlInput, keyInputs } from './key-inputs.js';

const keys: MatchKey[] = [
  { label: 'nhs', fields: [{ name: 'nhsNumber', format: 'nhs-number' }] },
  {
    label: 'person',
    fields: [
      { name: 'surname', format: 'name' },
      { name: 'birthDate', format: 'date' },
    ],
  },
];

describe('the inputs of a row', () => {
  it('are its canonical keys, each under its label', () => {
    expect(keyInputs(keys, { nhsNumber: 9434765919, surname: 'OKAFOR', birthDate: '2014-03-09', more: {} })).toEqual([
      lengthPrefixed('anonymesh/psi/key/v1', 'nhs', '9434765919'),
      lengthPrefixed('anonymesh/psi/key/v1', 'person', 'okafor', '2014-03-09'),
    ]);
  });

  it('lack a key of which a field is empty', () => {
    expect(keyInputs(keys, { nhsNumber: '9434765919', surname: 'Okafor' })).toMatchObject([{}, undefined]);
    expect(keyInputs(keys, { nhsNumber: null, surname: 'Okafor', birthDate: '2014-03-09' })).toMatchObject([
      undefined,
      {},
    ]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['every key is empty', { surname: 'Okafor', birthDate: '' }],
    ['there is no column of a key', {}],
    ['a value is not of its format', { nhsNumber: '9434765918', surname: 'Okafor', birthDate: '2014-03-09' }],
    ['a value of an empty key is not of its format', { nhsNumber: '9434765919', birthDate: 'then' }],
  ])('are unfit where %s', (_, row) => expect(keyInputs(keys, row)).toBe('unfit'));

  it('come from the row itself, not from what all objects have', () => {
    const inherited: MatchKey[] = [{ label: 'text', fields: [{ name: 'constructor', format: 'text' }] }];
    expect(keyInputs(inherited, {})).toBe('unfit');
  });

  it('never are the control', () => {
    expect(controlInput()).toEqual(lengthPrefixed('anonymesh/psi/control/v1'));
  });
});
