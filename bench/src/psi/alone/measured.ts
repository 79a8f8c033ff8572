// What a process of its own measures and tells the benchmark: in one of its own, because its memory is to be known, and
// because what one leaves behind must not slow the other.
import type { Mode } from '../sample.js';

export interface Order {
  readonly what: 'library' | 'psi-js' | 'engines';
  readonly elements: number;
  readonly mode: Mode;
  readonly engine?: string;
}

export interface Measured {
  readonly seconds: number;
  readonly peakMemoryMB: number;
  /** Of the library. */
  readonly engine?: string;
  readonly multiplicationsPerSecondPerCore?: number;
  /** Multiplications a second on a core, of each engine that runs here. */
  readonly engines?: Readonly<Record<string, number>>;
}
