import { describe, expect, it } from '@jest/globals';
import { fieldsIn } from './read-fields.js';

const secret = 'QQ123456C';

describe('the fields of a person', () => {
  it('are read from lines and from JSON alike', () => {
    const fields = { niNumber: secret, surname: 'O’Neil: Smith' };
    expect(fieldsIn(`niNumber: ${secret}\r\n\n  surname :O’Neil: Smith  \n`)).toEqual(fields);
    expect(fieldsIn(` \n${JSON.stringify(fields, undefined, '\t')}\n`)).toEqual(fields);
    expect(fieldsIn('line1: 4 High Street')).toEqual({ line1: '4 High Street' });
    expect(fieldsIn('')).toEqual({});
  });

  it.each([
    ['a line without a name', `surname: Smith\n${secret}`, 'line 2'],
    ['a value in the place of a name', `${secret}: niNumber`, 'line 1'],
    ['a name twice', `niNumber: AB123456C\nniNumber: ${secret}`, 'line 2'],
    ['half a JSON object', `{"niNumber": "${secret}"`, 'JSON'],
    ['more than one JSON object', `{"niNumber": "${secret}"} {}`, 'JSON'],
    ['JSON with a name twice', `{"niNumber": "AB123456C",\n\t"niNumber": "${secret}"}`, 'twice'],
    ['JSON with a name twice, once in disguise', `{"niNumber":"AB123456C","\\u006eiNumber":"${secret}"}`, 'twice'],
    ['JSON with a number', `{"niNumber": 123456, "surname": "${secret}"}`, 'niNumber: must be text'],
    ['JSON in JSON', `{"${secret}": {"a": "${secret}"}}`, 'a field: must be text'],
    ['JSON with a value in the place of a name', `{"qq123456c": 1}`, 'a field: must be text'],
    ['JSON that goes very deep', `{"a": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'a: must be text'],
  ])('are not read from %s, and no value is repeated', (_what, text, says) => {
    const read = fieldsIn(text);
    expect(read).toEqual(expect.stringContaining(says));
    expect(read).not.toContain(secret);
    expect(read).not.toContain('123456');
  });

  it('can have names that objects have already', () => {
    const read = fieldsIn('constructor: x');
    expect(Object.keys(read)).toEqual(['constructor']);
  });
});
