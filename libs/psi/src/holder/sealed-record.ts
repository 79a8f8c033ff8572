// A record sealed for the requester alone: a key of its own, from the secret that holder and requester share for this
// query (hpke.ts) and a salt that no other record has.
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { Hkdf, infoOf } from './hkdf.js';
import { saltBytes, sealBytes } from './shape.js';

/** Every key seals one text, so its nonce may be zero. */
const nonce = Buffer.alloc(12);

export interface RecordKeys {
  /** The query ID. */
  readonly query: string;
  /** Of `openSender` and `openRecipient`: 32 bytes. */
  readonly exportSecret: Uint8Array;
}

/** Where approved records are released, their holder seals them by this, each with a salt of `randomBytes(16)`. */
export function sealRecord(keys: RecordKeys, salt: Uint8Array, record: Uint8Array): Buffer {
  return sealOnce(new RecordKey(keys).of(salt), record);
}

/** The record's bytes, or undefined where this is no record that was sealed by these keys. */
export function unsealRecord(keys: RecordKeys, salt: Uint8Array, inner: Uint8Array): Buffer | undefined {
  return unsealOnce(new RecordKey(keys).of(salt), inner);
}

/** The keys of records, one at a time: each is overwritten by the next. */
export class RecordKey {
  readonly #hkdf = new Hkdf(new Uint8Array(0), 32);
  readonly #info: Buffer;
  readonly #exportSecret: Uint8Array;
  readonly #key = Buffer.alloc(32);

  constructor({ query, exportSecret }: RecordKeys) {
    if (exportSecret.length !== 32) throw new RangeError('an export secret is 32 bytes');
    this.#exportSecret = exportSecret;
    this.#info = infoOf('anonymesh/psi/record/v1', Buffer.from(query, 'hex'));
  }

  of(salt: Uint8Array): Buffer {
    if (salt.length !== saltBytes) throw new RangeError('a salt is 16 bytes');
    this.#hkdf.salt(salt);
    this.#hkdf.extract(this.#exportSecret);
    this.#hkdf.expand(this.#info, this.#key, 0, 32);
    return this.#key;
  }

  wipe(): void {
    this.#hkdf.wipe();
    this.#key.fill(0);
  }
}

/**
 * AES-256-GCM under a key that seals nothing else: ciphertext and tag. The key is made a key object first: Node finds out
 * that bytes are none by an exception of its own, which takes 4 times as long.
 */
export function sealOnce(key: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), nonce);
  const text = cipher.update(plain);
  cipher.final();
  return Buffer.concat([text, cipher.getAuthTag()]);
}

/** undefined where the key, or a byte, is another one. */
export function unsealOnce(key: Uint8Array, sealed: Uint8Array): Buffer | undefined {
  if (sealed.length < sealBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), nonce, { authTagLength: sealBytes });
  decipher.setAuthTag(sealed.subarray(sealed.length - sealBytes));
  const plain = decipher.update(sealed.subarray(0, sealed.length - sealBytes));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return plain;
}
