// The proof that one of a holder's records matched, as the aggregator writes it and the holder reads it: for each other
// holder one gate that only who holds the same person could give.
import { timingSafeEqual } from 'node:crypto';
import { othersOf, type TokenShape, wordBytes } from './shape.js';
import { type WordsInput, wordsOf } from './words.js';

export interface MatchedProof {
  /** The record's position in the holder's order of tokens. */
  readonly record: number;
  /** For each other holder, in byte order: a slot and the gate that it gave for the key there, where it gave one. */
  readonly given: readonly ({ readonly slot: number; readonly gate: Buffer } | undefined)[];
}

/** Bytes of one packed proof. */
export function proofBytes(shape: TokenShape): number {
  return 4 + (shape.holders.length - 1) * (1 + wordBytes);
}

/** 4 bytes position, then for each other holder a byte slot + 1 (0: no gate) and the gate. */
export function packProof(shape: TokenShape, { record, gates }: { record: number; gates: Gates }): Buffer {
  const bytes = Buffer.alloc(proofBytes(shape));
  bytes.writeUInt32BE(record);
  gates.forEach((given, other) => {
    const slot = given.findIndex((gate) => gate !== undefined);
    const gate = given[slot];
    if (gate === undefined) return;
    const at = 4 + other * (1 + wordBytes);
    bytes.writeUInt8(slot + 1, at);
    bytes.set(gate, at + 1);
  });
  return bytes;
}

/** For each other holder, for each slot: the gate that it gave. */
type Gates = readonly (readonly (Uint8Array | undefined)[])[];

/**
 * Packed proofs, and nothing after them → proofs. undefined where they are of another size, where a slot is none, or
 * where positions do not grow: a record is matched once, and is one of `records`.
 */
export function unpackProofs(shape: TokenShape, records: number, packed: Buffer): MatchedProof[] | undefined {
  const size = proofBytes(shape);
  if (packed.length % size !== 0) return undefined;
  const proofs: MatchedProof[] = [];
  for (let at = 0, before = -1; at < packed.length; at += size) {
    const record = packed.readUInt32BE(at);
    if (record <= before || record >= records) return undefined;
    before = record;
    const given: MatchedProof['given'][number][] = [];
    for (let next = at + 4; next < at + size; next += 1 + wordBytes) {
      const slot = packed.readUInt8(next) - 1;
      if (slot >= shape.keys) return undefined;
      given.push(slot < 0 ? undefined : { slot, gate: packed.subarray(next + 1, next + 1 + wordBytes) });
    }
    proofs.push({ record, given });
  }
  return proofs;
}

/**
 * Whether enough other holders gave the right gate. `points`: T(x) of each of this record's slots, keys × 32 bytes. An
 * aggregator alone cannot make a holder believe in a match, nor can it with fewer holders than must hold the person.
 */
export function checkMatched(input: WordsInput, { given }: MatchedProof): boolean {
  const { shape, holder, points } = input;
  if (points.length !== shape.keys * 32) throw new RangeError('not the points of one record');
  const others = othersOf(shape, holder).length;
  const { ours } = wordsOf(input);
  const valid = given.slice(0, others).filter((each, other) => {
    if (each === undefined) return false;
    const at = (each.slot * others + other) * wordBytes;
    return timingSafeEqual(ours.subarray(at, at + wordBytes), each.gate);
  });
  return valid.length >= shape.needed - 1;
}
