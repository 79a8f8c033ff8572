// What follows from one evaluation: release, try again later, refuse before it is too late, or drop what is too late.
import type { RefusalCode } from '@anonymesh/protocol';
import type { Evaluated } from './evaluate.js';
import type { Finding } from './finding.js';

export type NextStep =
  | { readonly kind: 'release'; readonly finding: Finding }
  | { readonly kind: 'again'; readonly at: number }
  | { readonly kind: 'refuse'; readonly code: RefusalCode }
  | { readonly kind: 'drop' };

/** Milliseconds between two tries, and between the last of them and the deadline, so that a refusal still arrives. */
const pause = 1000;

/** `due` and `now` are milliseconds since 1970. */
export function nextStep(evaluated: Evaluated, due: number, now: number): NextStep {
  if (now >= due) return { kind: 'drop' };
  if (!('failed' in evaluated)) return { kind: 'release', finding: evaluated };
  if (evaluated.failed === 'unfit') return { kind: 'refuse', code: 'source-unfit' };
  if (evaluated.failed === 'ended') return { kind: 'refuse', code: 'agreement-not-in-force' };
  if (now + 2 * pause < due) return { kind: 'again', at: now + pause };
  return { kind: 'refuse', code: evaluated.failed === 'silent' ? 'agreement-not-in-force' : 'source-failed' };
}
