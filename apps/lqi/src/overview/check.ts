// What is looked at to tell whether a holder's node is well, and how it is said: a state, its reason, what to do. The
// words are our own: what a driver says can quote a record.
import { setTimeout } from 'node:timers/promises';

/** `attention`: it works, and will not for ever. `unknown`: there is nothing to look at. */
export type CheckState = 'well' | 'attention' | 'failing' | 'unknown';

export interface Checked {
  readonly name: string;
  readonly state: CheckState;
  /** A sentence. */
  readonly reason: string;
  /** What to do, a sentence; empty where nothing is to be done. */
  readonly todo: string;
}

export type Found = Omit<Checked, 'name'>;

export interface Check {
  readonly name: string;
  readonly look: () => Promise<Found>;
}

const patience = 3000;

/** What the check finds. One that throws or takes too long is failing: `lost` says so. */
export async function lookAt({ name, look }: Check, lost: Found): Promise<Checked> {
  const over = new AbortController();
  const late = setTimeout(patience, lost, { signal: over.signal, ref: false }).catch(() => lost);
  try {
    return { name, ...(await Promise.race([look().catch(() => lost), late])) };
  } finally {
    over.abort();
  }
}

export function well(reason: string): Found {
  return { state: 'well', reason, todo: '' };
}
