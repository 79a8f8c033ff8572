// The one word in which a query ends, what it means, and what to do next, for a caseworker. Which holder said what is
// not known here, and no sentence may sound as if it were.
import { concernsThatCount, type Agreement } from '@anonymesh/protocol';
import type { QueryView } from '../view.js';

export interface OutcomeWords {
  readonly word: string;
  /** Of the tag in which it stands. */
  readonly colour: 'green' | 'red' | 'yellow' | 'blue' | 'grey';
  readonly means: string;
  readonly next: readonly string[];
}

/** What a list shows while there is no word yet; `ended` words as in `outcomeWords`. */
export function wordOf({
  state,
  outcome,
}: Pick<QueryView, 'state' | 'outcome'>): Pick<OutcomeWords, 'word' | 'colour'> {
  if (state === 'refused') return { word: 'Not asked', colour: 'grey' };
  if (outcome !== undefined) return words[outcome];
  return { word: unfinished[state], colour: 'blue' };
}

const unfinished = {
  asking: 'Being sent',
  waiting: 'Waiting',
  retracting: 'Being taken back',
  decided: 'Ended',
} as const;

const words = {
  clear: { word: 'Clear', colour: 'green' },
  concern: { word: 'Concern', colour: 'red' },
  refer: { word: 'Refer', colour: 'yellow' },
  released: { word: 'Released', colour: 'green' },
  retracted: { word: 'Taken back', colour: 'grey' },
} as const;

/** `ended`: where the agreement can never be run again, why not. */
export function outcomeWords(view: QueryView, agreement: Agreement | undefined, ended?: string): OutcomeWords {
  const word = wordOf(view);
  if (view.state === 'refused') return { ...word, ...notAsked };
  switch (view.outcome) {
    case 'clear':
      return { ...word, means: clearMeans(agreement), next: clearNext };
    case 'concern':
      return { ...word, ...concernMeans(agreement) };
    case 'released':
      return { ...word, means: releasedMeans(view.people ?? 0), next: releasedNext };
    case 'retracted':
      return { ...word, ...takenBack };
    case 'refer':
    case undefined:
      return { ...word, ...(ended === undefined ? whyRefer(view) : overFor(whyRefer(view), ended)) };
  }
}

const notAsked = {
  means: 'The mesh did not take this query. No holder was asked, and nothing was concluded.',
  next: ['Ask again. If it is refused again, tell your administrator.'],
};

const takenBack = {
  means: 'This query was taken back before it had an outcome. Nothing was concluded.',
  next: ['Ask again if you still need to know.'],
};

function clearMeans(agreement: Agreement | undefined): string {
  return agreement?.kind === 'check' && concernsThatCount(agreement) === 1
    ? 'Every holder answered, and none has a concern.'
    : 'Every holder answered, with too few concerns to count.';
}

const clearNext = [
  'Go on with the application, as far as this check matters for it.',
  'Keep the reference with the file: the applicant may ask for it.',
];

function concernMeans(agreement: Agreement | undefined): Why {
  const from = agreement?.kind === 'check' ? concernsThatCount(agreement) : 1;
  const nobody = 'Neither you nor anybody else here is told';
  if (from === agreement?.holders.length)
    return { means: `Every holder has a concern. ${nobody} why.`, next: concernNext('why') };
  const who =
    from === 1 ? 'At least one of the holders has a concern.' : `At least ${from} of the holders have a concern.`;
  return { means: `${who} ${nobody} which, or why.`, next: concernNext('which holder it is') };
}

const concernNext = (unknown: string) => [
  'Give the applicant the reference, with the letter below. It says how they find out which holder to talk to.',
  `Do not guess ${unknown}, and do not decide on this word alone where your rules ask for more.`,
  'Once it is put right, the applicant can ask for a re-check. It appears below, and in your list.',
];

function releasedMeans(people: number): string {
  return people === 1 ? 'The holders have one person in common.' : `The holders have ${people} people in common.`;
}

const releasedNext = ['Act on what was released, for the purpose of the agreement and no other.'];

type Why = Pick<OutcomeWords, 'means' | 'next'>;

function whyRefer({ kind, code = '' }: QueryView): Why {
  return kind === 'check' ? (ofCheck[code] ?? lateCheck) : (ofSet[code] ?? lateSet);
}

/** Nobody here can tell whether that came before the outcome or after it; asking again is of no use either way. */
function overFor({ means }: Why, ended: string): Why {
  return {
    means: `${means} The agreement is over: ${ended}.`,
    next: [
      'Do not ask again under this agreement: nobody may.',
      'Decide as you would without this query, and say so in the file.',
    ],
  };
}

const askAgain = 'Ask again: what was missing may be there by then.';
const file = 'If it is “Refer” again, decide as you would without this check, and say so in the file.';

const ofCheck: Readonly<Record<string, Why>> = {
  'holder-refused': {
    means: 'At least one holder could not or may not answer, so nothing can be concluded.',
    next: [askAgain, file, 'If every check ends like this, tell your administrator.'],
  },
  'limit-reached': {
    means: 'As much has been asked as the agreement allows, so a holder did not answer this time.',
    next: ['Ask again once enough time has passed: the agreement says how much.'],
  },
  'would-isolate': {
    means: 'Together with what your organisation asked about this person before, the answer would tell too much.',
    next: [
      'Ask under the agreement under which you asked before.',
      'Otherwise ask again once the earlier check is erased.',
    ],
  },
  'answers-disagree': {
    means: 'The answers do not belong together, so nothing can be concluded from them.',
    next: ['Check what was typed, and ask again.', 'If it happens again, tell your administrator: something is wrong.'],
  },
};
const lateCheck: Why = {
  means: 'Not every holder answered in time, so nothing can be concluded. It does not mean a concern.',
  next: [askAgain, file],
};

const ofSet: Readonly<Record<string, Why>> = {
  'too-many-matches': {
    means: 'The holders have more people in common than the agreement lets them release.',
    next: ['Ask more narrowly.'],
  },
  'too-few-matches': {
    means: 'The holders have fewer people in common than the agreement lets them release.',
    next: ['Ask more widely, or accept that there is nothing to release.'],
  },
  'set-changed': {
    means: 'Since your organisation last asked, a holder’s set has changed by less or by more than agreed.',
    next: ['Ask as you asked before, or again once more has changed.'],
  },
  'set-too-large': { means: 'A holder’s set is larger than agreed.', next: ['Ask more narrowly.'] },
  'limit-reached': {
    means: 'As much has been asked as the agreement allows, so a holder did not answer this time.',
    next: ['Ask again once enough time has passed: the agreement says how much.'],
  },
  'answers-disagree': {
    means: 'What the holders sent does not belong together, so nothing was released.',
    next: ['Tell your administrator: something is wrong.'],
  },
};
const lateSet: Why = {
  means: 'A holder could not answer, or not in time. Nothing was released.',
  next: ['Ask again. If it ends like this again, tell your administrator.'],
};
