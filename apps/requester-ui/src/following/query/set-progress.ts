// How far a set query is, as one bar over all its stages, and for about how long it will go on.
import type { SetStage } from '@anonymesh/protocol';
import type { QueryView } from '../view.js';
import { inWords } from '../../asking/new-query/describe-agreement.js';

export interface SetProgress {
  readonly percent: number;
  readonly stage: string;
  /** Undefined while too little is done to tell, and while people decide. */
  readonly left?: string;
}

/** How the bar is divided: a choice, since what each stage takes depends on the machines; so the time left is a guess. */
const shares: Readonly<Record<SetStage, { readonly from: number; readonly to: number; readonly says: string }>> = {
  reading: { from: 0, to: 10, says: 'Holders are reading their records' },
  exchanging: { from: 10, to: 80, says: 'Holders are comparing, without seeing each other’s records' },
  combining: { from: 80, to: 100, says: 'The aggregator is finding what they have in common' },
  approving: { from: 100, to: 100, says: 'People at the holders are deciding what to release' },
};

export function setProgressOf(
  { progress, deadline }: Pick<QueryView, 'progress' | 'deadline'>,
  askedAt: number,
  now: number,
): SetProgress {
  if (progress === undefined) return { percent: 0, stage: 'Holders have been asked' };
  const { from, to, says } = shares[progress.stage];
  const percent = Math.floor(from + ((to - from) * progress.percent) / 100);
  const spent = now - askedAt;
  if (progress.stage === 'approving' || percent < 5 || spent < 2_000) return { percent, stage: says };
  const estimate = (spent * (100 - percent)) / percent;
  const atMost = Math.max(0, Date.parse(deadline) - now);
  const seconds = Math.max(1, Math.round(Math.min(estimate, atMost) / 1000));
  return { percent, stage: says, left: `About ${inWords(seconds)} left` };
}
