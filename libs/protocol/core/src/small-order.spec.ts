import { describe, expect, it } from '@jest/globals';
import { diffieHellman } from 'node:crypto';
import { publicKeyFrom, rawPublicKey } from './envelope/keys.js';
import { x25519Text } from './encodings.js';
import { makeKey } from './fixtures/made-keys.js';
import { hasSmallOrder } from './small-order.js';

// https://cr.yp.to/ecdh.html#validate: all twelve byte strings, those above p and with the top bit among them.
const listed = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'cdeb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880',
  '4c9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7',
  'd9ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'daffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'dbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];

function agreesWith(raw: Uint8Array): boolean {
  try {
    diffieHellman({ privateKey: makeKey('X25519').own.key, publicKey: publicKeyFrom('X25519', raw) });
    return true;
  } catch (cause) {
    if (String(cause).includes('failed during derivation')) return false;
    throw cause;
  }
}

describe('points of small order', () => {
  it.each(listed)('has %s exactly where Node refuses to agree with it', (hex) => {
    const raw = Buffer.from(hex, 'hex');
    expect(hasSmallOrder(raw)).toBe(!agreesWith(raw));
    expect(x25519Text.safeParse(raw.toString('base64url')).success).toBe(agreesWith(raw));
  });

  it.each(listed.slice(0, 7))('has %s, also with the top bit, which does not count', (hex) => {
    const raw = Buffer.from(hex, 'hex');
    expect(hasSmallOrder(raw)).toBe(true);
    raw[31] = (raw[31] ?? 0) | 0x80;
    expect(hasSmallOrder(raw)).toBe(true);
    expect(agreesWith(raw)).toBe(false);
  });

  it.each(['', 'A', 'AA', 'A'.repeat(42), 'A'.repeat(44), '='.repeat(43)])('refuses what is no key: "%s"', (text) => {
    expect(x25519Text.safeParse(text).success).toBe(false);
  });

  it('has no honest key', () => {
    for (let count = 0; count < 50; count += 1) {
      const raw = rawPublicKey(makeKey('X25519').public.key);
      expect(hasSmallOrder(raw)).toBe(false);
      expect(x25519Text.safeParse(raw.toString('base64url')).success).toBe(true);
    }
  });

  it('leaves the bytes that it looks at as they are', () => {
    const raw = Buffer.from(listed[2] ?? '', 'hex');
    hasSmallOrder(raw);
    expect(raw.toString('hex')).toBe(listed[2]);
  });
});
