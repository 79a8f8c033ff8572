// What the letter tells the applicant: what was found, as far as the office knows it, and what the portal adds to that.
import { concernsThatCount, type CheckAgreement } from '@anonymesh/protocol';
import type { OutcomeWord } from '@anonymesh/protocol-outcome';

export interface LetterWords {
  readonly found: string;
  readonly heading: string;
  /** What happens at the portal, once one is signed in. */
  readonly steps: readonly string[];
}

export function letterWords(outcome: OutcomeWord, agreement: CheckAgreement): LetterWords {
  const reasons = agreement.tellsSubject.reasons !== false;
  const isConcern = outcome === 'concern';
  return {
    found: foundWords(outcome, agreement),
    heading: isConcern && reasons ? 'How to find out why' : 'How to find out more',
    steps: ['Enter the reference.', ...(knowsOfNone(outcome, agreement) ? ofNone : ofConcerns(isConcern, reasons))],
  };
}

function foundWords(outcome: OutcomeWord, agreement: CheckAgreement): string {
  const from = concernsThatCount(agreement);
  const isAll = from === agreement.holders.length;
  if (knowsOfNone(outcome, agreement)) return 'All of them answered, and none had a concern.';
  if (outcome === 'clear') {
    const needed = isAll ? 'all of them' : `at least ${from} of them`;
    return `All of them answered, with too few concerns to count: it takes ${needed}. We are not told which of them had one, if any did.`;
  }
  if (outcome !== 'concern') return 'The check could not be completed, so nothing was concluded about you.';
  const how = 'This letter says how you can find out, and have it put right.';
  if (isAll) return `All of them had a concern. We are not told why. ${how}`;
  const who = from === 1 ? 'At least one of them had a concern.' : `At least ${from} of them had a concern.`;
  return `${who} We are not told which, or why. ${how}`;
}

function knowsOfNone(outcome: OutcomeWord, agreement: CheckAgreement): boolean {
  return outcome === 'clear' && concernsThatCount(agreement) === 1;
}

const ofNone = ['You see what was asked about you, and what each organisation was given.'];

function ofConcerns(isConcern: boolean, reasons: boolean): string[] {
  const which = isConcern ? 'which organisations had a concern' : 'which organisations had a concern, if any did';
  const told = reasons
    ? `You see ${which}, why, and how to reach each. They can put right what is wrong.`
    : `You see ${which}, and how to reach each. The portal does not say why: they can tell you, and put right what is wrong.`;
  return [told, 'Then ask for a re-check at the portal. We make it under the same reference.'];
}
