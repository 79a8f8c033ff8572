// The group by libsodium, compiled to WebAssembly. Below the library's wrappers, which allocate for each call: one piece
// of its memory takes a run of inputs and results, and is wiped after each batch. Weighted sums are our own kernel's: the
// library encodes the result of each addition, and decodes it for the next. So is SHA-512 of many messages.
import sodium from 'libsodium-wrappers-sumo';
import {
  BadPoint,
  countOf,
  pointBytes,
  requireScalar,
  scalarBytes,
  uniformBytes,
  type Digests,
  type Engine,
} from '../engine.js';
import { openDigests } from './kernel-digests.js';
import { openSums, sumBy } from './kernel-sums.js';
import { weighApart } from './weigh-apart.js';

/** The part of libsodium's compiled module that is used here; addresses are byte offsets into its memory. */
interface Module {
  /** Replaced when the memory grows, so never kept. */
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _crypto_core_ristretto255_from_hash(point: number, uniform: number): number;
  /** Not 0 if the point is not canonical, or the product is the identity: with a scalar below ℓ, so is the point. */
  _crypto_scalarmult_ristretto255(product: number, scalar: number, point: number): number;
}

/** Inputs that are taken into the library's memory at once. */
const run = 256;

/** `undefined` if this build of the library does not show its module, or the kernel's parts are not built. */
export async function openSodium(): Promise<Engine | undefined> {
  await sodium.ready;
  const { libsodium } = sodium as { libsodium?: Partial<Module> };
  const [sums, digests] = await Promise.all([openSums(), openDigests()]);
  if (libsodium === undefined || !isComplete(libsodium) || sums === undefined || digests === undefined)
    return undefined;
  return engineOf(libsodium, sumBy(sums), digests);
}

function isComplete(module: Partial<Module>): module is Module {
  const { _malloc, _crypto_core_ristretto255_from_hash, _crypto_scalarmult_ristretto255, HEAPU8 } = module;
  const calls = [_malloc, _crypto_core_ristretto255_from_hash, _crypto_scalarmult_ristretto255];
  return calls.every((call) => typeof call === 'function') && HEAPU8 !== undefined;
}

function engineOf(module: Module, sum: Engine['sum'], digests: Digests): Engine {
  const bytes = run * (uniformBytes + 2 * pointBytes) + scalarBytes;
  const uniforms = module._malloc(bytes);
  if (uniforms === 0) throw new Error('no memory for the group');
  const points = uniforms + run * uniformBytes;
  const products = points + run * pointBytes;
  const factor = products + run * pointBytes;

  /** Takes the batch through the memory, run by run. `at` and `from` are where inputs and results of a run stand. */
  const pass = (batch: Uint8Array, width: number, at: number, from: number, step: (place: number) => boolean) => {
    const count = countOf(batch, width);
    const results = new Uint8Array(count * pointBytes);
    for (let first = 0; first < count; first += run) {
      const length = Math.min(run, count - first);
      module.HEAPU8.set(batch.subarray(first * width, (first + length) * width), at);
      for (let place = 0; place < length; place++) if (!step(place)) throw new BadPoint(first + place);
      results.set(module.HEAPU8.subarray(from, from + length * pointBytes), first * pointBytes);
    }
    return results;
  };
  const derive = (place: number) =>
    module._crypto_core_ristretto255_from_hash(points + place * pointBytes, uniforms + place * uniformBytes) === 0;
  const multiply = (place: number) =>
    module._crypto_scalarmult_ristretto255(products + place * pointBytes, factor, points + place * pointBytes) === 0;

  const wiped = (work: () => Uint8Array) => {
    try {
      return work();
    } finally {
      module.HEAPU8.fill(0, uniforms, uniforms + bytes);
    }
  };
  const withFactor = (scalar: Uint8Array, work: () => Uint8Array) => {
    requireScalar(scalar);
    module.HEAPU8.set(scalar, factor);
    return wiped(work);
  };

  return weighApart({
    name: 'sodium',
    hash: (uniform) => wiped(() => pass(uniform, uniformBytes, uniforms, points, derive)),
    multiply: (batch, scalar) => withFactor(scalar, () => pass(batch, pointBytes, points, products, multiply)),
    hashAndMultiply: (uniform, scalar) =>
      withFactor(scalar, () =>
        pass(uniform, uniformBytes, uniforms, products, (place) => derive(place) && multiply(place)),
      ),
    digests,
    sum,
  });
}
