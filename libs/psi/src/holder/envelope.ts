// The envelope of a record that is released on a match: the record sealed for the requester, and around it a layer under
// a secret that is split among the other holders. Neither the requester nor all others together open it alone.
import { createCipheriv } from 'node:crypto';
import { Hkdf, Hmac, infoOf } from './hkdf.js';
import { RecordKey, sealOnce } from './sealed-record.js';
import { saltBytes, shareBytes, type TokenShape, wordBytes } from './shape.js';
import { ShareMasks } from './share-masks.js';
import { pieceBytes, split, type Sharing } from './split.js';

export interface EnvelopeInput {
  /** The query ID. */
  readonly query: string;
  readonly shape: TokenShape;
  readonly holder: string;
  /** The secret of the holder's part in this query: 32 bytes. */
  readonly seed: Uint8Array;
  /** Of `openSender`: 32 bytes. */
  readonly exportSecret: Uint8Array;
}

/** How the outer layer's secret is split among the others of a holder. */
export function sharingOf(shape: TokenShape): Sharing {
  return { shares: shape.holders.length - 1, needed: shape.needed - 1 };
}

/**
 * Salt and secrets come from the seed, the record's position and all that it seals: the same record gets the same bytes
 * again after a crash, and another record never the same key (both layers have a nonce of zero).
 */
export class Envelopes {
  readonly #input: EnvelopeInput;
  readonly #sharing: Sharing;
  readonly #masks: ShareMasks;
  readonly #recordKey: RecordKey;
  readonly #synthetic: Hmac;
  readonly #dummyKey: Buffer;
  readonly #message: Buffer;
  readonly #root = Buffer.alloc(64);
  readonly #uniform: Buffer;

  constructor(input: EnvelopeInput) {
    const { query, shape, holder, seed } = input;
    this.#input = input;
    this.#sharing = sharingOf(shape);
    this.#masks = new ShareMasks(query, shape, holder);
    this.#recordKey = new RecordKey(input);
    this.#message = Buffer.alloc(9 + 32 * shape.keys + shape.recordBytes);
    this.#synthetic = new Hmac(subkey(seed, query, 'anonymesh/psi/envelope/v1'), Math.max(65, this.#message.length));
    this.#dummyKey = subkey(seed, query, 'anonymesh/psi/dummy/v1').subarray(0, 32);
    this.#uniform = Buffer.alloc(this.#sharing.needed * pieceBytes);
  }

  /** `points`: of the record's slots; `ours`: the gates that open it, slot by slot, in each slot those of the others. */
  seal(position: number, points: Uint8Array, ours: Buffer, record: Uint8Array, into: Buffer, at: number): void {
    const { shape } = this.#input;
    const salt = this.#randomise(position, points, record);
    const { secret, shares } = split(this.#sharing, this.#uniform);
    into.set(salt, at);
    this.#masks.salt(salt);
    let next = at + saltBytes;
    shares.forEach((share, other) => {
      for (let slot = 0; slot < shape.keys; slot++, next += shareBytes) {
        const gate = (slot * shares.length + other) * wordBytes;
        this.#masks.apply(other, slot, ours.subarray(gate, gate + wordBytes), share, into, next);
      }
    });
    into.set(sealOnce(secret, sealOnce(this.#recordKey.of(salt), record)), next);
  }

  /** What stands for the envelope of no record. */
  fill(position: number, into: Buffer, at: number): void {
    const { envelopeBytes } = this.#input.shape;
    const counter = Buffer.alloc(16);
    counter.writeBigUInt64BE(BigInt(position));
    into.set(createCipheriv('aes-256-ctr', this.#dummyKey, counter).update(Buffer.alloc(envelopeBytes)), at);
  }

  wipe(): void {
    for (const bytes of [this.#dummyKey, this.#message, this.#root, this.#uniform]) bytes.fill(0);
    this.#synthetic.wipe();
    this.#masks.wipe();
    this.#recordKey.wipe();
  }

  #randomise(position: number, points: Uint8Array, record: Uint8Array): Buffer {
    this.#message[0] = 0;
    this.#message.writeBigUInt64BE(BigInt(position), 1);
    this.#message.set(points, 9);
    this.#message.set(record, 9 + points.length);
    this.#synthetic.write(this.#message, this.#root, 0, 64);
    this.#root.copy(this.#uniform, 0, saltBytes);
    for (let piece = 1; piece < this.#sharing.needed; piece++) {
      const message = Buffer.concat([Uint8Array.of(piece), this.#root]);
      this.#synthetic.write(message, this.#uniform, piece * pieceBytes, pieceBytes);
    }
    return this.#root.subarray(0, saltBytes);
  }
}

function subkey(seed: Uint8Array, query: string, label: string): Buffer {
  if (seed.length !== 32) throw new RangeError('a seed is 32 bytes');
  const key = Buffer.alloc(64);
  const hkdf = new Hkdf(Buffer.from(query, 'hex'), 32);
  hkdf.extract(seed);
  hkdf.expand(infoOf(label), key, 0, 64);
  hkdf.wipe();
  return key;
}
