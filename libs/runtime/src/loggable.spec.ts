import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loggable, printable } from './loggable.js';

describe('what a log line may hold', () => {
  it.each([
    ['queryId', '0123456789abcdef0123456789abcdef'],
    ['partyId', 'childrens-services'],
    ['partyId', 'lqi-2'],
    ['code', 'invalid-token'],
    ['code', 'query.admitted'],
    ['code', 'ECONNRESET'],
    ['code', 'ERR_JWT_EXPIRED'],
    ['code', '42P01'],
    ['className', 'InstanceLoader'],
  ] as const)('takes the %s %s', (kind, text) => {
    expect(loggable[kind](text)).toBe(text);
  });

  it.each([
    ['queryId', '0123456789ABCDEF0123456789ABCDEF'],
    ['queryId', '0123456789abcdef0123456789abcdef\n'],
    ['partyId', 'qq123456c'],
    ['partyId', 'Hmrc'],
    ['code', 'QQ123456C'],
    ['code', 'qq123456c'],
    ['code', 'Jane Doe'],
    ['code', 'jane@example.org'],
    ['code', '1990-02-28'],
    ['code', 'E16AN'],
    ['code', ''],
    ['code', 'a'.repeat(65)],
    ['className', 'Smith'],
  ] as const)('prints [withheld] for the %s %j', (kind, text) => {
    expect(loggable[kind](text)).toBe('[withheld]');
  });

  it('prints no National Insurance number, date, postcode or e-mail address, however it got past the types', () => {
    const digits = fc.stringMatching(/^\d{6}$/);
    const text = fc.oneof(
      fc.tuple(fc.stringMatching(/^[A-Z]{2}$/), digits, fc.stringMatching(/^[A-D]$/)).map((parts) => parts.join('')),
      fc.tuple(fc.stringMatching(/^[a-z]{2}$/), digits, fc.stringMatching(/^[a-d]$/)).map((parts) => parts.join('')),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
      fc.stringMatching(/^[A-Z]{1,2}\d[A-Z]? \d[A-Z]{2}$/),
      fc.emailAddress(),
    );
    fc.assert(fc.property(text, (value) => printable(value) === '[withheld]'));
  });

  it.each([[{ ni: 'QQ123456C' }], [['clear']], [null], [undefined], [12n], [Symbol('s')]])('prints no %p', (value) => {
    expect(printable(value)).toBe('[withheld]');
  });
});
