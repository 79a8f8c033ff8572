// Tags that were seen, and by which holders: open addressing over packed numbers, because a query has millions of them.
// Where a tag goes depends on a random key, so that no holder can choose tags that all go to one place.
import { randomFillSync } from 'node:crypto';

const words = 4;

export class TagTable {
  readonly #tags: Uint32Array;
  readonly #holders: Uint8Array;
  readonly #mask: number;
  readonly #key = randomFillSync(new Uint32Array(2 * words));
  #free: number;

  /** `capacity`: a power of two; two thirds of it are used. One tag takes 17 bytes of it. */
  constructor(capacity: number) {
    this.#tags = new Uint32Array(capacity * words);
    this.#holders = new Uint8Array(capacity);
    this.#mask = capacity - 1;
    this.#free = TagTable.room(capacity);
  }

  /** How many tags a table holds. */
  static room(capacity: number): number {
    return Math.floor((capacity * 2) / 3);
  }

  /** The tag's hash: 32 bits that nobody can foresee. `at`: of its four numbers in `tags`. */
  hash(tags: Uint32Array, at: number): number {
    let sum = 0;
    for (let word = 0; word < words; word++) {
      const mixed = Math.imul((tags[at + word] as number) ^ (this.#key[word] as number), 0x9e3779b1);
      sum = Math.imul(sum ^ mixed ^ (mixed >>> 15), (this.#key[words + word] as number) | 1);
      sum ^= sum >>> 13;
    }
    return sum >>> 0;
  }

  /** Adds holders (a bit for each) to those who have a tag. */
  add(tags: Uint32Array, at: number, hash: number, holders: number): void {
    const place = this.#placeOf(tags, at, hash);
    if (this.#holders[place] === 0) {
      if (this.#free-- === 0) throw new Error('more tags than there is room for');
      for (let word = 0; word < words; word++) this.#tags[place * words + word] = tags[at + word] as number;
    }
    this.#holders[place] = (this.#holders[place] as number) | holders;
  }

  /** Adds holders to those who have a tag, if anybody has. */
  join(tags: Uint32Array, at: number, hash: number, holders: number): void {
    const place = this.#placeOf(tags, at, hash);
    if (this.#holders[place] !== 0) this.#holders[place] = (this.#holders[place] as number) | holders;
  }

  /** The holders who have a tag, a bit for each. */
  holders(tags: Uint32Array, at: number, hash: number): number {
    return this.#holders[this.#placeOf(tags, at, hash)] as number;
  }

  clear(): void {
    this.#holders.fill(0);
    this.#free = TagTable.room(this.#holders.length);
  }

  #placeOf(tags: Uint32Array, at: number, hash: number): number {
    let place = hash & this.#mask;
    while (this.#holders[place] !== 0 && !this.#is(place, tags, at)) place = (place + 1) & this.#mask;
    return place;
  }

  #is(place: number, tags: Uint32Array, at: number): boolean {
    for (let word = 0; word < words; word++) if (this.#tags[place * words + word] !== tags[at + word]) return false;
    return true;
  }
}
