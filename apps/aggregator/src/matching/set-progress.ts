// How far a set query is: as far as the holder that is least far, and how much of that all of them have done. Never who.
import { setStage, type BodyOf, type progress, type SetStage } from '@anonymesh/protocol';
import type { Stage } from './decide-set.js';

export interface HolderPlace {
  readonly isComplete: boolean;
  readonly stage: SetStage;
  readonly percent: number;
}

export function setProgress(stage: Stage, holders: readonly HolderPlace[]): BodyOf<typeof progress> {
  const places = holders.map((holder) => placeOf(stage, holder));
  const least = setStage.options.find((each) => places.some((place) => place.stage === each)) ?? 'reading';
  const done = places.reduce((sum, place) => sum + (place.stage === least ? place.percent : 100), 0);
  const answered = holders.filter(({ isComplete }) => isComplete).length;
  return { answered, set: { stage: least, percent: Math.floor(done / Math.max(1, places.length)) } };
}

/** Where we know better than the holder has said: its tokens are here, or it was told what to approve. */
function placeOf(ours: Stage, { isComplete, stage, percent }: HolderPlace): { stage: SetStage; percent: number } {
  if (ours === 'approving') return stage === 'approving' ? { stage, percent } : { stage: 'approving', percent: 0 };
  return isComplete ? { stage: 'combining', percent: 100 } : { stage, percent };
}
