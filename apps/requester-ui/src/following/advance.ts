// Whether a word of progress is news: counts, stages and percents only ever rise, in whatever order letters come.
import { setStage, type BodyOf, type progress } from '@anonymesh/protocol';
import type { Advance, Query } from '../store/queries.js';

export function advanceOf(
  query: Pick<Query, 'kind' | 'answered' | 'holders' | 'stage' | 'percent'>,
  { answered: said, set }: BodyOf<typeof progress>,
): Advance | undefined {
  const answered = Math.max(query.answered, Math.min(said, query.holders));
  const known = { stage: query.stage, percent: query.percent };
  const further = query.kind === 'set' && set !== undefined && placeOf(set) > placeOf(known) ? set : known;
  const isNews = answered > query.answered || further !== known;
  return isNews ? { answered, stage: further.stage, percent: further.percent } : undefined;
}

function placeOf({ stage, percent }: Pick<Query, 'stage' | 'percent'>): number {
  return stage === null ? -1 : 101 * setStage.options.indexOf(stage) + (percent ?? 0);
}
