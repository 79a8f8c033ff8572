// What the outcome means, and what the list of those who had a concern leaves open, in the words of the person whom the
// query is about. Of organisations without an answer it says that there are some, and not which.
import type { ExplanationView } from '../explanation-view.js';

type Told = Pick<ExplanationView, 'outcome' | 'concerns' | 'concernFrom' | 'answered' | 'holders'>;

export function meaningOf(told: Told): string {
  if (told.outcome === 'clear') return clearMeans(told);
  return told.outcome === 'concern' ? concernMeans(told) : referMeans(told);
}

/** `clear` can come with concerns, where the agreement asks for more of them. */
function clearMeans({ concerns, concernFrom, holders }: Told): string {
  if (concerns.length === 0) return 'No organisation that was asked had a concern.';
  const needed = concernFrom === holders ? 'all of them must have one' : `at least ${concernFrom} must have one`;
  const had = `${concerns.length} of the ${holders} organisations that were asked had a concern.`;
  return `${had} Under the agreement that is too few to count: ${needed}.`;
}

function concernMeans({ concernFrom, holders }: Told): string {
  if (concernFrom === holders)
    return 'Every organisation that was asked had a concern. The office that asked does not know why.';
  const who =
    concernFrom === 1
      ? 'At least one organisation that was asked had a concern.'
      : `At least ${concernFrom} of the ${holders} organisations that were asked had a concern.`;
  return `${who} The office that asked does not know which.`;
}

function referMeans({ answered, holders }: Told): string {
  const why = answered < holders ? 'not every organisation answered' : 'the answers did not fit together';
  return `The check gave no answer by itself: ${why}. A person at the office that asked must look at it.`;
}

/** After the organisations that had a concern, or in their place; undefined where they are all that there is to say. */
export function othersOf({ concerns, answered, holders }: Told): string | undefined {
  const isWhole = answered === holders;
  if (concerns.length > 0) return isWhole ? undefined : 'Not every organisation answered, so others may have one too.';
  if (answered === 0) return 'No organisation answered, so nobody can tell whether one had a concern.';
  if (isWhole) return 'No organisation had a concern.';
  return 'None of the organisations that answered had a concern. Not every organisation answered.';
}
