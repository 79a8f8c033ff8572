import { describe, expect, it } from '@jest/globals';
import { recordBytes } from './record-bytes.js';

describe('a record to release', () => {
  it('has the released fields alone, in one size', () => {
    const row = { surname: 'Zoë', count: 2, since: new Date('2020-01-01'), large: 2n ** 60n, yes: true, secret: 's' };
    const bytes = recordBytes(['surname', 'count', 'since', 'large', 'yes', 'missing'], row, 200) as Buffer;
    expect(bytes).toHaveLength(200);
    expect(JSON.parse(bytes.toString())).toEqual({
      surname: 'Zoë',
      count: 2,
      since: '2020-01-01T00:00:00.000Z',
      large: '1152921504606846976',
      yes: true,
      missing: null,
    });
  });

  it('may fill its size to the last byte', () => {
    expect(recordBytes(['a'], { a: 'é' }, 10)).toEqual(Buffer.from('{"a":"é"}'));
    expect(recordBytes(['a'], { a: 'é' }, 9)).toBe('unfit');
  });

  it.each([NaN, Infinity, {}, [], Buffer.from('a'), new Date(NaN), '\ud800', () => 1])('cannot hold %p', (value) => {
    expect(recordBytes(['a'], { a: value }, 100)).toBe('unfit');
  });
});
