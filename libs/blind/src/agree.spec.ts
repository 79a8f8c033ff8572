import { describe, expect, it } from '@jest/globals';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { agreeWith } from './index.js';

const own = generateKeyPairSync('x25519');
const peer = generateKeyPairSync('x25519');

// The points of small order on Curve25519 and their non-canonical encodings (RFC 7748 §6.1 and §7).
const smallOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

describe('agreeWith', () => {
  it('gives both holders the same 32 bytes', () => {
    const mine = agreeWith(own.privateKey, peer.publicKey);
    expect(mine).toEqual(agreeWith(peer.privateKey, own.publicKey));
    expect(mine).toHaveLength(32);
  });

  it.each(smallOrder)('refuses the small-order key %s, with which the secret would be zero', (hex) => {
    const x = Buffer.from(hex, 'hex').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
    expect(() => agreeWith(own.privateKey, key)).toThrow('cannot be agreed with');
  });

  it('refuses keys of another kind', () => {
    const signing = generateKeyPairSync('ed25519');
    const x448 = generateKeyPairSync('x448');
    expect(() => agreeWith(own.privateKey, signing.publicKey)).toThrow(TypeError);
    expect(() => agreeWith(x448.privateKey, x448.publicKey)).toThrow(TypeError);
  });

  it('refuses one’s own public key in place of a private one', () => {
    expect(() => agreeWith(own.publicKey, peer.publicKey)).toThrow('cannot be agreed with');
  });
});
