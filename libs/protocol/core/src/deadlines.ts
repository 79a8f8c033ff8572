// When a query must be where. Everything follows from the manifest's time and the agreement, so that all parties agree
// without a message, and no party can lengthen it (docs/protocol.md section 7).
import type { Agreement } from './agreement.js';
import { clockTolerance } from './envelope/open.js';
import type { Manifest } from './manifest.js';
import type { RefusalCode } from './refusal.js';

export interface Deadlines {
  /** After this a holder does not answer any more, and the aggregator combines what there is. */
  readonly answers: number;
  /** At this the query has ended, whatever has been heard. */
  readonly outcome: number;
  /** After this nobody keeps anything of it: the agreement's retention, from the deadline on. */
  readonly erasure: number;
}

/** Milliseconds for which the broker keeps a letter that nobody takes: longer than any query is open. */
export const longestKept = 15 * 86_400_000;

/** Milliseconds since 1970. A tenth of the time, at most five seconds, is kept for the outcome's way home. */
export function deadlinesOf(manifest: Pick<Manifest, 'issuedAt'>, agreement: Agreement): Deadlines {
  const whole = agreement.deadlineSeconds * 1000;
  const outcome = manifest.issuedAt + whole;
  const erasure = outcome + agreement.retentionDays * 86_400_000;
  return { answers: outcome - Math.min(5000, Math.floor(whole / 10)), outcome, erasure };
}

/**
 * What people at a holder have not approved by then comes too late, milliseconds since 1970: a tenth of the time, at most
 * five seconds, is kept for evaluation and the answer's way. `due`: when the answers are.
 */
export function decisionsBy({ issuedAt }: Pick<Manifest, 'issuedAt'>, due: number): number {
  return due - Math.min(5000, (due - issuedAt) * 0.1);
}

/** When an embargo ends, milliseconds since 1970; `due`: when the answers are. Undefined: told with the outcome. */
export function embargoOf(due: number, agreement: Agreement): number | undefined {
  const after = agreement.kind === 'check' ? agreement.tellsSubject.afterSeconds : undefined;
  return after === undefined ? undefined : due + after * 1000;
}

/** Why a manifest cannot be taken up now, if so: from the future, past its deadline, agreement not in its validity. */
export function untimely(manifest: Manifest, agreement: Agreement, now: number): RefusalCode | undefined {
  if (manifest.issuedAt > now + clockTolerance) return 'from-the-future';
  if (deadlinesOf(manifest, agreement).answers <= now) return 'deadline-passed';
  const day = new Date(manifest.issuedAt).toISOString().slice(0, 10);
  const { from, until } = agreement.validity;
  return day < from || day > until ? 'agreement-not-in-force' : undefined;
}
