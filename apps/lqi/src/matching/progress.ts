// Tells the aggregator how far this holder is, often enough to follow and seldom enough to cost nothing. The percentages
// come from padded sizes, which it learns anyway.
import type { Work } from '@anonymesh/courier';
import type { SetStage } from '@anonymesh/protocol';
import type { SetQuestion } from '../inbound/question.js';
import { postProgress } from '../outbound/set-letters.js';

export interface Progress {
  /** Posts a letter, if it says enough that is new. */
  tell(work: Work, stage: SetStage, percent: number): void;
  /** Whether `tell` would post. */
  isNews(stage: SetStage, percent: number): boolean;
}

const step = 2;
/** Milliseconds. */
const pause = 500;

export function openProgress(question: SetQuestion): Progress {
  let told: { readonly stage: SetStage; readonly percent: number; readonly at: number } | undefined;
  const isNews = (stage: SetStage, percent: number) => {
    if (told?.stage !== stage) return true;
    return percent >= told.percent + step && Date.now() >= told.at + pause;
  };
  return {
    isNews,
    tell: (work, stage, percent) => {
      const whole = Math.max(0, Math.min(100, Math.floor(percent)));
      if (!isNews(stage, whole)) return;
      told = { stage, percent: whole, at: Date.now() };
      postProgress(work, question, { stage, percent: whole });
    },
  };
}
