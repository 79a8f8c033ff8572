// HMAC-SHA512 and HKDF (RFC 2104, RFC 5869) over Node's one-shot hash: they run ten times for every record of a million,
// and node:crypto's own calls take 5 times as long for inputs of this size.
import { hash } from 'node:crypto';
import { lengthPrefixed } from '@anonymesh/protocol';

const block = 128;
const digest = 64;

/** HMAC-SHA512 under a key of at most 128 bytes that can be changed for another one without allocating. */
export class Hmac {
  readonly #inner: Buffer;
  readonly #outer = Buffer.alloc(block + digest);

  /** `longest`: of the messages, in bytes. */
  constructor(key: Uint8Array, longest: number) {
    this.#inner = Buffer.alloc(block + longest);
    this.rekey(key);
  }

  rekey(key: Uint8Array): void {
    if (key.length > block) throw new RangeError('a key is at most one block');
    this.#inner.fill(0x36, key.length, block);
    this.#outer.fill(0x5c, key.length, block);
    for (let at = 0; at < key.length; at++) {
      const byte = key[at] as number;
      this.#inner[at] = byte ^ 0x36;
      this.#outer[at] = byte ^ 0x5c;
    }
  }

  /** The first `bytes` (at most 64) of the MAC of the message, written into `into` at `at`. */
  write(message: Uint8Array, into: Buffer, at: number, bytes: number): void {
    this.#inner.set(message, block);
    // As text of one byte per character, which costs half of what a buffer costs.
    this.#outer.write(hash('sha512', this.#inner.subarray(0, block + message.length), 'binary'), block, 'latin1');
    into.write(hash('sha512', this.#outer, 'binary'), at, bytes, 'latin1');
  }

  wipe(): void {
    this.#inner.fill(0);
    this.#outer.fill(0);
  }
}

/** HKDF-SHA512 of outputs of at most 64 bytes: one block of its expansion. */
export class Hkdf {
  readonly #extract: Hmac;
  readonly #expand = new Hmac(new Uint8Array(digest), 256);
  readonly #pseudorandomKey = Buffer.alloc(digest);

  constructor(salt: Uint8Array, longestInput: number) {
    this.#extract = new Hmac(salt, longestInput);
  }

  salt(salt: Uint8Array): void {
    this.#extract.rekey(salt);
  }

  /** All that is expanded from now on comes from this input. */
  extract(input: Uint8Array): void {
    this.#extract.write(input, this.#pseudorandomKey, 0, digest);
    this.#expand.rekey(this.#pseudorandomKey);
  }

  /** `info`: of `infoOf`. */
  expand(info: Uint8Array, into: Buffer, at: number, bytes: number): void {
    this.#expand.write(info, into, at, bytes);
  }

  wipe(): void {
    this.#extract.wipe();
    this.#expand.wipe();
    this.#pseudorandomKey.fill(0);
  }
}

/** A label and what it is bound to, with the counter of the one block that is expanded (RFC 5869 section 2.3). */
export function infoOf(...parts: readonly (Uint8Array | string)[]): Buffer {
  return Buffer.concat([lengthPrefixed(...parts), Uint8Array.of(1)]);
}
