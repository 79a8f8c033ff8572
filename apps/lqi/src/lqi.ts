// The parts of a running LQI that its controllers need, under one token.
import type { StoreNode } from '@anonymesh/courier';
import type { Holder } from './inbound/examine.js';
import type { Log } from './disclosing/find.js';
import type { OpenSets } from './matching/open-sets.js';
import type { Gate } from './outbound/release.js';
import type { Overview } from './overview/overview.js';
import type { OpenQuestions } from './questions/open-questions.js';
import type { TryPinned } from './trying/open-trials.js';

export const LQI = Symbol('lqi');

export interface Lqi {
  readonly node: StoreNode;
  readonly holder: Holder;
  readonly gate: Gate;
  readonly questions: OpenQuestions;
  readonly sets: OpenSets;
  /** What left this holder. */
  readonly disclosures: Log;
  readonly overview: () => Promise<Overview>;
  readonly tryPinned: TryPinned;
}
