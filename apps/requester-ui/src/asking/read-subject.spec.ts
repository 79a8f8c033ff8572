import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rightToRemain } from '../../../../tests/mesh/right-to-remain.js';
import { somebody } from '../fixtures/paper-query.js';
import { readSubject } from './read-subject.js';

const terms = rightToRemain([]);

function errorsOf(given: Record<string, unknown>) {
  const read = readSubject(terms, given);
  return 'errors' in read ? read.errors.map(({ field, code }) => `${field} ${code}`) : [];
}

describe('the person in a question', () => {
  it('is read field by field into canonical form', () => {
    const read = readSubject(terms, somebody);
    const revealed = 'fields' in read ? Object.entries(read.fields).map(([name, value]) => [name, value.reveal()]) : [];
    expect(Object.fromEntries(revealed)).toEqual({
      niNumber: 'AB123456C',
      surname: 'okafor',
      birthDate: '1985-03-27',
      postcode: 'NM1 4QT',
    });
  });

  it('has each wrong field named: missing, of another type, malformed, unknown', () => {
    expect(errorsOf({ niNumber: 'QQ123456C', surname: 7, birthDate: '', nickname: 'Ada', constructor: 'x' })).toEqual([
      'subject.nickname unknown-field',
      'subject.constructor unknown-field',
      'subject.niNumber wrong-format',
      'subject.surname wrong-type',
      'subject.birthDate missing',
      'subject.postcode missing',
    ]);
  });

  it('takes nothing from a prototype', () => {
    expect(errorsOf(Object.create(somebody))).toHaveLength(4);
  });

  it('never has a value, nor a number in place of a name, repeated', () => {
    const anything = fc.dictionary(fc.string(), fc.anything(), { maxKeys: 80 });
    fc.assert(
      fc.property(anything, (given) => {
        const read = readSubject(terms, { ...given, AB123456C: 'AB123456C', birthDate: 'AB123456C' });
        expect('errors' in read && read.errors.length > 0 && read.errors.length <= 50).toBe(true);
        expect(JSON.stringify(read)).not.toContain('AB123456C');
      }),
    );
  });
});
