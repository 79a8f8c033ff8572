// Honest hops: in each chunk of its list a holder hides one more point, a secret multiple of a secret sum of the others. A
// hop that multiplies all by its key keeps that relation; one that replaces, moves, repeats or mixes points, or takes
// another key for some, breaks it, but for one case in 65,535. Nobody but the owner can tell which point it is.
import { lengthPrefixed, type QueryId } from '@anonymesh/protocol';
import { createCipheriv, hkdfSync } from 'node:crypto';
import { BadPoint, countOf, pointBytes, uniformBytes } from '../group/engine.js';
import type { Pool } from '../group/pool.js';
import { scalarOf, timesScalar } from '../group/scalars.js';
import { wipe } from '../group/wipe.js';

/** A holder's own list in one query. */
export interface OwnList {
  readonly pool: Pick<Pool, 'multiply' | 'hashAndMultiply' | 'sum'>;
  readonly queryId: QueryId;
  /** The query's seed: all secrets of the checks follow from it, so that a chunk that leaves again is the same. */
  readonly seed: Uint8Array;
}

/** What is kept of a chunk that is back, until all are. */
export interface ReturnedCheck {
  /** The weighted sum of its points, and the point that stood at the hidden place: 32 bytes each. */
  readonly sum: Uint8Array;
  readonly point: Uint8Array;
}

/**
 * A chunk as it leaves: [r]H(x) of each input, and the hidden point. `anchor` is the `sum` that this has given for chunk 0,
 * and binds all chunks to it, so that one key must have multiplied them all; chunk 0 has none.
 */
export async function blindChunk(
  list: OwnList & { readonly blind: Uint8Array },
  chunk: number,
  uniform: Uint8Array,
  anchor?: Uint8Array,
): Promise<{ readonly points: Uint8Array; readonly sum: Uint8Array }> {
  const { pool, blind } = list;
  const { weights, factor, place } = checkOf(list, chunk, countOf(uniform, uniformBytes));
  const both = timesScalar(factor, blind);
  const computed = await pool.hashAndMultiply(uniform, blind, weights);
  const [products, sum] = [computed.subarray(0, -pointBytes), computed.subarray(-pointBytes)];
  const hidden = await pool.multiply(await anchored(pool, sum, anchor), both);
  wipe(weights, factor, both);
  const at = place * pointBytes;
  return { points: Buffer.concat([products.subarray(0, at), hidden, products.subarray(at)]), sum };
}

/** A chunk that is back: T of each input (`finish` times the point), and what `hopsAreHonest` will look at. */
export async function finishChunk(
  list: OwnList & { readonly finish: Uint8Array },
  chunk: number,
  returned: Uint8Array,
): Promise<{ readonly points: Uint8Array; readonly check: ReturnedCheck }> {
  const { weights, factor, place } = checkOf(list, chunk, countOf(returned, pointBytes) - 1);
  const at = place * pointBytes;
  const points = Buffer.concat([returned.subarray(0, at), returned.subarray(at + pointBytes)]);
  const computed = await list.pool.multiply(points, list.finish, weights);
  wipe(weights, factor);
  const check = { sum: computed.subarray(-pointBytes), point: Buffer.from(returned.subarray(at, at + pointBytes)) };
  return { points: computed.subarray(0, -pointBytes), check };
}

/** Whether the whole list came back as it must: the checks of all its chunks, in their order. */
export async function hopsAreHonest(list: OwnList, checks: AsyncIterable<ReturnedCheck>): Promise<boolean> {
  let anchor: Uint8Array | undefined;
  let chunk = 0;
  try {
    for await (const { sum, point } of checks) {
      const factor = factorOf(list, chunk);
      const right = await list.pool.multiply(await anchored(list.pool, sum, anchor), factor);
      wipe(factor);
      if (Buffer.compare(right, point) !== 0) return false;
      anchor ??= sum;
      chunk += 1;
    }
    return true;
  } catch (cause) {
    // A sum that is the identity: no honest hop makes one.
    if (cause instanceof BadPoint) return false;
    throw cause;
  }
}

function anchored(pool: OwnList['pool'], sum: Uint8Array, anchor?: Uint8Array): Uint8Array | Promise<Uint8Array> {
  return anchor === undefined ? sum : pool.sum(Buffer.concat([sum, anchor]), Uint8Array.of(1, 0, 1, 0));
}

/** All of a chunk with so many inputs: a weight for each, none of them 0; the factor of the sum; where the sum stands. */
function checkOf(list: OwnList, chunk: number, inputs: number) {
  const key = secretOf(list, chunk, 'weights', 32);
  const weights = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(inputs * 2));
  for (let at = 0; at < weights.length; at += 2) if (weights.readUInt16LE(at) === 0) weights[at] = 1;
  const place = secretOf(list, chunk, 'place', 6).readUIntBE(0, 6) % (inputs + 1);
  wipe(key);
  return { weights, factor: factorOf(list, chunk), place };
}

function factorOf(list: OwnList, chunk: number): Uint8Array {
  const wide = secretOf(list, chunk, 'factor', 64);
  const factor = scalarOf(wide);
  wipe(wide);
  return factor;
}

function secretOf({ seed, queryId }: OwnList, chunk: number, name: string, bytes: number): Buffer {
  const info = lengthPrefixed('anonymesh/psi/hops/v1', name, String(chunk));
  return Buffer.from(hkdfSync('sha512', seed, Buffer.from(queryId, 'hex'), info, bytes));
}
