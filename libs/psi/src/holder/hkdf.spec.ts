import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { lengthPrefixed } from '@anonymesh/protocol';
import fc from 'fast-check';
import { Hkdf, Hmac, infoOf } from './hkdf.js';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

describe('HMAC-SHA512 over one-shot hashes', () => {
  it("gives what node:crypto's gives, one key after another", () => {
    const hmac = new Hmac(new Uint8Array(128), 300);
    const property = fc.property(bytes(128), bytes(300), (key, message) => {
      const into = Buffer.alloc(64);
      hmac.rekey(key);
      hmac.write(message, into, 0, 64);
      expect(into).toEqual(createHmac('sha512', key).update(message).digest());
    });
    fc.assert(property);
  });

  it('takes no key that would have to be hashed, and no message that is too long', () => {
    const hmac = new Hmac(new Uint8Array(1), 3);
    expect(() => hmac.rekey(new Uint8Array(129))).toThrow(RangeError);
    expect(() => hmac.write(new Uint8Array(4), Buffer.alloc(64), 0, 64)).toThrow('out of bounds');
  });
});

describe('HKDF-SHA512 of one block', () => {
  it("gives what node:crypto's gives (RFC 5869)", () => {
    const length = fc.integer({ min: 1, max: 64 });
    const property = fc.property(bytes(64), bytes(32), bytes(100), length, (input, salt, info, wanted) => {
      const hkdf = new Hkdf(salt, 64);
      hkdf.extract(input);
      const into = Buffer.alloc(wanted + 2);
      hkdf.expand(infoOf('label', info), into, 1, wanted);
      const known = Buffer.from(hkdfSync('sha512', input, salt, lengthPrefixed('label', info), wanted));
      expect(into.subarray(1, -1)).toEqual(known);
      expect([into[0], into.at(-1)]).toEqual([0, 0]);
    });
    fc.assert(property);
  });
});
