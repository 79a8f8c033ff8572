// What comes next for a set query, from what its holders have sent. Pure: no tag, gate or record is looked at here but
// those of the control, which is nobody's.
import type { RefusalCode } from '@anonymesh/protocol';
import type { OutcomeCode } from '@anonymesh/protocol-outcome';
import { codeOfRefusals } from '../combining/decide.js';

/** What we wait for: tokens; our own matching; people's approvals; that the last letters have left. */
export type Stage = 'collecting' | 'combining' | 'approving' | 'ending';

/** How a set query ends. `people`: how many are in common, where it is released. */
export interface Ending {
  readonly outcome: 'released' | 'refer' | 'retracted';
  readonly answered: number;
  readonly code: OutcomeCode;
  readonly people?: number;
}

export interface HolderSoFar {
  /** All its tokens are here. */
  readonly isComplete: boolean;
  /** It has said two different things. */
  readonly differs: boolean;
  /** What people there approved is here. */
  readonly hasReleased: boolean;
  readonly refusal?: RefusalCode | undefined;
}

export interface SetSoFar {
  readonly stage: Stage;
  readonly holders: readonly HolderSoFar[];
  /** Whether all have told of the same control; asked once all are complete. */
  readonly controlsAgree: () => boolean;
  /** Found by matching, where releases are waited for. */
  readonly people: number;
  readonly isDue: boolean;
}

export type SetStep = 'wait' | 'combine' | Ending;

export function decideSet({ stage, holders, controlsAgree, people, isDue }: SetSoFar): SetStep {
  if (stage === 'ending') return 'wait';
  const count = holders.length;
  const complete = holders.filter(({ isComplete, refusal }) => isComplete && refusal === undefined).length;
  const refusals = holders.flatMap(({ refusal }) => refusal ?? []);
  if (refusals.length > 0) return refer(codeOf(refusals), complete);
  if (stage === 'collecting') {
    if (complete === count) return controlsAgree() ? 'combine' : refer('answers-disagree', count);
    if (holders.every(({ isComplete, differs }) => isComplete || differs)) return refer('answers-disagree', count);
    return isDue ? refer('not-all-answered', complete) : 'wait';
  }
  // The last to come came too late for us to match it.
  if (stage === 'combining') return isDue ? refer('not-all-answered', count - 1) : 'wait';
  const released = holders.filter(({ hasReleased }) => hasReleased).length;
  if (released === count) return { outcome: 'released', answered: count, code: 'all-answered', people };
  return isDue ? refer('not-all-answered', released) : 'wait';
}

export function refer(code: OutcomeCode, answered: number): Ending {
  return { outcome: 'refer', answered, code };
}

/** What a requester can do something about is told before the rest. */
function codeOf(refusals: readonly RefusalCode[]): OutcomeCode {
  for (const code of ['set-too-large', 'set-unfit', 'set-changed'] as const) if (refusals.includes(code)) return code;
  return codeOfRefusals(refusals);
}
