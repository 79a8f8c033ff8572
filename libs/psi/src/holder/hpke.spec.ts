import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { lengthPrefixed, publicKeyFrom, rawPublicKey } from '@anonymesh/protocol';
import { openRecipient, openSender, type SealingContext } from './hpke.js';

const context: SealingContext = {
  query: '0123456789abcdef'.repeat(2),
  agreement: Buffer.alloc(32, 1).toString('base64url'),
  holder: 'health-trust',
  requester: 'childrens-services',
};
const holder = generateKeyPairSync('x25519');
const requester = generateKeyPairSync('x25519');
const ephemeral = randomBytes(32);
const sender = { sender: holder.privateKey, recipient: requester.publicKey, ephemeral };
const recipient = { sender: holder.publicKey, recipient: requester.privateKey };

/** RFC 9180 by the letter (sections 4, 4.1, 5.1.3 and 5.3), over node:crypto: the recipient's side of auth mode. */
function exported(enc: Uint8Array, info: Uint8Array, label: Uint8Array): Buffer {
  const bytes = (text: string) => Buffer.from(text, 'latin1');
  const kem = Buffer.concat([bytes('KEM'), Uint8Array.of(0, 0x20)]);
  const suite = Buffer.concat([bytes('HPKE'), Uint8Array.of(0, 0x20, 0, 3, 0, 2)]);
  const hmac = (name: string, key: Uint8Array, ...parts: Uint8Array[]) =>
    createHmac(name, key).update(Buffer.concat(parts)).digest();
  const extract = (name: string, id: Buffer, salt: Uint8Array, text: string, input: Uint8Array) =>
    hmac(name, salt, bytes('HPKE-v1'), id, bytes(text), input);
  const expand = (name: string, id: Buffer, key: Buffer, text: string, more: Uint8Array, length: number) =>
    hmac(name, key, Uint8Array.of(0, length), bytes('HPKE-v1'), id, bytes(text), more, Uint8Array.of(1)).subarray(
      0,
      length,
    );
  const agree = (privateKey: KeyObject, publicKey: KeyObject) => diffieHellman({ privateKey, publicKey });
  const none = new Uint8Array(0);
  const encapsulated = publicKeyFrom('X25519', enc);
  const agreed = Buffer.concat([
    agree(requester.privateKey, encapsulated),
    agree(requester.privateKey, holder.publicKey),
  ]);
  const both = Buffer.concat([enc, rawPublicKey(requester.publicKey), rawPublicKey(holder.publicKey)]);
  const pseudorandom = extract('sha256', kem, none, 'eae_prk', agreed);
  const shared = expand('sha256', kem, pseudorandom, 'shared_secret', both, 32);
  const schedule = Buffer.concat([
    Uint8Array.of(2),
    extract('sha512', suite, none, 'psk_id_hash', none),
    extract('sha512', suite, none, 'info_hash', info),
  ]);
  const secret = extract('sha512', suite, shared, 'secret', none);
  const exporter = expand('sha512', suite, secret, 'exp', schedule, 64);
  return expand('sha512', suite, exporter, 'sec', label, 32);
}

describe('the secret of a holder and the requester', () => {
  it('is what RFC 9180 exports in auth mode', async () => {
    const { enc, exportSecret } = await openSender(context, sender);
    const info = lengthPrefixed(
      'anonymesh/psi/hpke/v1',
      Buffer.from(context.query, 'hex'),
      Buffer.alloc(32, 1),
      'health-trust',
      'childrens-services',
    );
    expect(exportSecret).toEqual(exported(enc, info, lengthPrefixed('records')));
    expect(await openRecipient(context, { ...recipient, enc })).toEqual(exportSecret);
  });

  it('is the same again from the same ephemeral key, and from raw keys', async () => {
    const raw = (key: KeyObject, half: 'd' | 'x') => Buffer.from(key.export({ format: 'jwk' })[half]!, 'base64url');
    const once = await openSender(context, sender);
    const again = await openSender(context, {
      sender: raw(holder.privateKey, 'd'),
      recipient: raw(requester.publicKey, 'x'),
      ephemeral,
    });
    expect(again).toEqual(once);
    const keys = { sender: raw(holder.publicKey, 'x'), recipient: raw(requester.privateKey, 'd'), enc: once.enc };
    expect(await openRecipient(context, keys)).toEqual(once.exportSecret);
  });

  it('is another one for another context or another sender', async () => {
    const { enc, exportSecret } = await openSender(context, sender);
    for (const other of [
      { ...context, query: 'f'.repeat(32) },
      { ...context, agreement: Buffer.alloc(32, 2).toString('base64url') },
      { ...context, holder: 'police' },
      { ...context, requester: 'housing' },
    ])
      expect(await openRecipient(other, { ...recipient, enc })).not.toEqual(exportSecret);
    const stranger = generateKeyPairSync('x25519').publicKey;
    expect(await openRecipient(context, { ...recipient, sender: stranger, enc })).not.toEqual(exportSecret);
  });

  it('does not come from what is no key', async () => {
    for (const enc of [Buffer.alloc(0), Buffer.alloc(31), Buffer.alloc(33), Buffer.alloc(32)])
      expect(await openRecipient(context, { ...recipient, enc })).toBe(undefined);
    const wrongHalf = {
      ...sender,
      sender: createPublicKey(createPrivateKey(holder.privateKey.export({ format: 'pem', type: 'pkcs8' }))),
    };
    await expect(openSender(context, wrongHalf)).rejects.toThrow(TypeError);
    await expect(openSender({ ...context, agreement: 'x' }, sender)).rejects.toThrow(TypeError);
    await expect(openSender(context, { ...sender, ephemeral: Buffer.alloc(31) })).rejects.toThrow(RangeError);
  });
});
