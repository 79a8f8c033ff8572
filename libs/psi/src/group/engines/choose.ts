// Chooses the fastest engine that works here. None is trusted by its name: each first computes the RFC's vectors.
import type { Engine } from '../engine.js';
import { selfTest } from './self-test.js';

interface Candidate {
  readonly name: string;
  /** `undefined` if it cannot run on this machine. */
  open(): Promise<Engine | undefined>;
}

/** The fastest first. */
const candidates: readonly Candidate[] = [
  { name: 'native-kernel', open: async () => (await import('./native-kernel.js')).openNativeKernel() },
  { name: 'wasm-kernel', open: async () => (await import('./wasm-kernel.js')).openWasmKernel() },
  { name: 'sodium', open: async () => (await import('./sodium.js')).openSodium() },
  { name: 'noble', open: async () => (await import('./noble.js')).openNoble() },
];

/** The names that `chooseEngine` knows, the fastest first. */
export const engineNames: readonly string[] = candidates.map(({ name }) => name);

/** The names of those that run on this machine, the fastest first. */
export async function enginesHere(): Promise<string[]> {
  const opened = await Promise.allSettled(engineNames.map((name) => chooseEngine(name)));
  return engineNames.filter((_, index) => opened[index]?.status === 'fulfilled');
}

/**
 * The engine of this name, or else the first that opens and passes the self test.
 * Throws a RangeError for a name that is not known, an AggregateError if none works.
 */
export async function chooseEngine(name?: string): Promise<Engine> {
  const asked = candidates.filter((candidate) => name === undefined || candidate.name === name);
  if (asked.length === 0) throw new RangeError(`no engine is named ${name}`);
  const faults: unknown[] = [];
  for (const candidate of asked) {
    try {
      const engine = await candidate.open();
      if (engine !== undefined) return selfTest(engine);
      faults.push(new Error(`the engine ${candidate.name} cannot run here`));
    } catch (cause) {
      faults.push(new Error(`the engine ${candidate.name} failed`, { cause }));
    }
  }
  throw new AggregateError(faults, 'no engine of the group works here');
}
