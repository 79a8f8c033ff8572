// What hides a share until its holder gives its gate: one mask for each other holder and slot, from the gate between the
// two and the record's salt.
import { Hkdf, infoOf } from './hkdf.js';
import { othersOf, shareBytes, type TokenShape, wordBytes } from './shape.js';

export class ShareMasks {
  readonly #hkdf = new Hkdf(new Uint8Array(0), wordBytes);
  readonly #infos: readonly (readonly Buffer[])[];
  readonly #mask = Buffer.alloc(shareBytes);

  /** Of the records of `holder`. */
  constructor(query: string, shape: TokenShape, holder: string) {
    const id = Buffer.from(query, 'hex');
    this.#infos = othersOf(shape, holder).map((other) =>
      Array.from({ length: shape.keys }, (_, slot) =>
        infoOf('anonymesh/psi/share/v1', id, holder, other, slot.toString()),
      ),
    );
  }

  /** The record whose masks are asked for from now on. */
  salt(salt: Uint8Array): void {
    this.#hkdf.salt(salt);
  }

  /** The share with its mask put on or taken off. `other`: place among the other holders. */
  apply(other: number, slot: number, gate: Uint8Array, share: Uint8Array, into: Buffer, at: number): void {
    const info = this.#infos[other]?.[slot];
    if (info === undefined || gate.length !== wordBytes) throw new RangeError('not a slot, or not a gate');
    this.#hkdf.extract(gate);
    this.#hkdf.expand(info, this.#mask, 0, shareBytes);
    for (let byte = 0; byte < shareBytes; byte++)
      into[at + byte] = (this.#mask[byte] as number) ^ (share[byte] as number);
  }

  wipe(): void {
    this.#hkdf.wipe();
    this.#mask.fill(0);
  }
}
