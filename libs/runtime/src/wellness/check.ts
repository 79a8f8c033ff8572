// What is looked at to tell whether a node is well, and how it is said: a state, a code for logs, its reason, what to do.
// The same checks stand behind /health/ready, the log, `mesh doctor` and the console. The words are our own: what a
// driver says can quote a record.
import { setTimeout } from 'node:timers/promises';
import type { Metrics } from '../metrics.js';

/** `attention`: it works, and will not for ever. `unknown`: there is nothing to look at. */
export type CheckState = 'well' | 'attention' | 'failing' | 'unknown';

export interface Checked {
  readonly name: string;
  readonly state: CheckState;
  /** What was found, in words joined by hyphens: for logs and programs. */
  readonly code: string;
  /** A sentence. */
  readonly reason: string;
  /** What to do, a sentence; empty where nothing is to be done. */
  readonly todo: string;
}

export type Found = Omit<Checked, 'name'>;

export interface Check {
  readonly name: string;
  readonly look: () => Promise<Found>;
  /** What is said where looking throws or takes too long. */
  readonly lost: Found;
  /** Called once in a running node: what else of it is told to the operator's monitoring. */
  readonly measure?: (metrics: Metrics) => void;
}

const patience = 3000;

/** What the check finds. */
export async function lookAt({ name, look, lost }: Check): Promise<Checked> {
  const over = new AbortController();
  const late = setTimeout(patience, lost, { signal: over.signal, ref: false }).catch(() => lost);
  try {
    return { name, ...(await Promise.race([look().catch(() => lost), late])) };
  } finally {
    over.abort();
  }
}

/** Looks at all of them at once. */
export function lookAtAll(checks: readonly Check[]): Promise<Checked[]> {
  return Promise.all(checks.map((check) => lookAt(check)));
}

export function well(reason: string): Found {
  return { state: 'well', code: 'well', reason, todo: '' };
}

export function unknown(reason: string, todo: string): Found {
  return { state: 'unknown', code: 'unknown', reason, todo };
}

/** `failing`, unless told that it only wants looking at. */
export function amiss(code: string, reason: string, todo: string, state: 'attention' | 'failing' = 'failing'): Found {
  return { state, code, reason, todo };
}
