// Who learned what by one query, and who did not: from the table of boundaries, the agreement, and what this node knows
// has happened. Where this node cannot know whether something happened, it says so.
import { hops, parties } from '../../../../../boundaries.mjs';
import { concernsThatCount, type Agreement, type PartyKind } from '@anonymesh/protocol';
import type { Query } from '../../store/queries.js';

/** What is known here of a query's course. */
export type Trace = Pick<
  Query,
  'kind' | 't' | 'admitted' | 'answered' | 'holders' | 'stage' | 'state' | 'outcome' | 'outcome_signed'
>;

export interface Sharing {
  readonly party: PartyKind;
  readonly name: string;
  readonly learned: readonly string[];
  readonly not: readonly string[];
}

export interface Step {
  readonly number: number;
  readonly from: PartyKind;
  readonly to: PartyKind;
  readonly message: string;
  /** What the receiver can read in it. */
  readonly vocabulary: (typeof hops)[number]['vocabulary'];
  readonly says: string;
  readonly happened: 'yes' | 'no' | 'unknown';
}

/** Every message of the table, what it says in plain words, in which kinds of queries it goes, and whether it went. */
export const telling: Readonly<
  Record<
    string,
    {
      readonly says: string;
      readonly of: readonly Agreement['kind'][];
      readonly went: (trace: Trace) => Step['happened'];
    }
  >
> = {
  ask: {
    says: 'Who asks, under which agreement, and sealed parts',
    of: ['check', 'set'],
    went: (it) => yes(it.admitted),
  },
  dispatch: { says: 'The holder’s own part, sealed to it alone', of: ['check', 'set'], went: (it) => yes(it.admitted) },
  expect: { says: 'That a query is under way, and no person', of: ['check', 'set'], went: (it) => yes(it.admitted) },
  answer: {
    says: 'A masked yes or no, which means nothing by itself',
    of: ['check'],
    went: (it) => yes(it.answered > 0),
  },
  refusal: { says: 'That the holder cannot answer', of: ['check', 'set'], went: refused },
  exchange: {
    says: 'Points that hide who is in a holder’s set',
    of: ['set'],
    went: (it) => yes(it.stage !== null && it.stage !== 'reading'),
  },
  tokens: {
    says: 'Tags that are equal where holders have the same person',
    of: ['set'],
    went: (it) => yes(it.answered > 0),
  },
  matched: { says: 'Which of its own records matched', of: ['set'], went: () => 'unknown' },
  release: { says: 'Approved records, sealed for your office', of: ['set'], went: () => 'unknown' },
  progress: {
    says: 'How many holders have answered, never which',
    of: ['check', 'set'],
    went: (it) => yes(it.answered > 0 || it.stage !== null),
  },
  outcome: {
    says: 'The outcome, sealed for your office',
    of: ['check', 'set'],
    went: (it) => yes(it.outcome_signed !== null),
  },
  matches: {
    says: 'Matched records, sealed by their holders for your office',
    of: ['set'],
    went: (it) => yes(it.outcome === 'released'),
  },
  slip: { says: 'What the applicant’s reference opens', of: ['check'], went: byApplicant },
  explain: { says: 'What each holder said, sealed to the applicant', of: ['check'], went: byApplicant },
  recheck: { says: 'The applicant’s wish for a new check', of: ['check'], went: (it) => yes(it.t > 0) },
  retract: {
    says: 'That you took the query back',
    of: ['check', 'set'],
    went: (it) => yes(it.state === 'retracting' || it.outcome === 'retracted'),
  },
  testimony: {
    says: 'What the holder’s log has of the query, sealed to the auditor',
    of: ['check', 'set'],
    went: () => 'unknown',
  },
  receipt: { says: 'What all testified, sealed to the auditor', of: ['check', 'set'], went: () => 'unknown' },
  // Of all that a party's log holds at once, or of an agreement; of no query.
  checkpoint: { says: 'How long a party’s log is, and a hash over all of it', of: [], went: () => 'unknown' },
  notice: { says: 'What a party knows of an agreement, and who has signed it', of: [], went: () => 'unknown' },
};

/** Where the agreement names one, once the deadline is over. */
const forAuditor = new Set(['testimony', 'receipt']);

function yes(happened: boolean): Step['happened'] {
  return happened ? 'yes' : 'no';
}

// Nobody here is told of a single holder's refusal, and nobody is told that an applicant has looked.
function refused(): Step['happened'] {
  return 'unknown';
}
function byApplicant({ t, outcome_signed }: Trace): Step['happened'] {
  if (t > 0) return 'yes';
  return outcome_signed === null ? 'no' : 'unknown';
}

/** In the order of the table. */
export function stepsOf(trace: Trace, agreement: Agreement): Step[] {
  const takesPart = new Set(agreement.parties.map(({ kind }) => kind));
  const byApproval = agreement.kind === 'set' && agreement.release === 'on-approval';
  return hops
    .filter(({ message, from, to }) => {
      const told = telling[message];
      if (told === undefined) throw new TypeError(`nobody has said what ${message} tells`);
      if (!byApproval && message === 'release') return false;
      if (agreement.auditor === undefined && forAuditor.has(message)) return false;
      return told.of.includes(trace.kind) && takesPart.has(from) && takesPart.has(to);
    })
    .flatMap(({ message, from, to, vocabulary }, index) => {
      const told = telling[message];
      return told === undefined
        ? []
        : [{ number: index + 1, from, to, message, vocabulary, says: told.says, happened: told.went(trace) }];
    });
}

/** Each party of the agreement; of holders each by name. What a kind may not speak is what it did not learn. */
export function sharingOf(trace: Trace, agreement: Agreement): Sharing[] {
  return agreement.parties.map(({ id, kind, name }) => {
    const speaks = parties[kind].speaks;
    const { learned, not } = byKind[kind]({ trace, agreement, id });
    const never = trace.kind === 'check' && !speaks.includes('asking') ? ['Whom it is about'] : [];
    return { party: kind, name, learned, not: [...never, ...not] };
  });
}

interface Asked {
  readonly trace: Trace;
  readonly agreement: Agreement;
  readonly id: string;
}
type Told = Pick<Sharing, 'learned' | 'not'>;

const byKind: Readonly<Record<PartyKind, (asked: Asked) => Told>> = {
  requester: ({ trace, agreement }) => ({
    learned: [
      trace.kind === 'check' ? 'Whom it is about: you typed it' : 'What was asked for: you typed it',
      ...(trace.outcome_signed === null ? [] : ['The outcome', ...saidByAll(trace, agreement)]),
      ...(trace.outcome === 'released' ? ['What the agreement releases of records that match'] : []),
    ],
    not:
      trace.kind === 'set'
        ? ['What any holder said', 'Who else is in a holder’s set']
        : saidByAll(trace, agreement).length > 0
          ? ['Why any holder said so']
          : ['What any holder said', 'Which holder has a concern'],
  }),
  coordinator: ({ trace }) => ({
    learned: trace.admitted ? ['That your office asked, under which agreement, and when'] : [],
    not: ['What any holder said', 'The outcome'],
  }),
  holder: ({ trace, agreement, id }) => ({
    learned: trace.admitted ? [...receivedBy(agreement, id), 'Its own answer'] : [],
    not: ['What any other holder said', 'The outcome'],
  }),
  aggregator: ({ trace, agreement }) => ({
    learned: [
      ...(trace.admitted ? ['That a query is under way'] : []),
      ...(trace.answered > 0
        ? [trace.kind === 'check' ? 'Masked answers' : 'How many people holders have in common']
        : []),
      ...(trace.outcome_signed === null ? [] : ['The outcome', ...countsIn(agreement)]),
    ],
    not: trace.kind === 'check' ? ['Which holder has a concern'] : ['Who the people are'],
  }),
  portal: ({ trace }) => ({
    learned: trace.t > 0 ? ['What each holder said, opened by the applicant’s reference, for the applicant alone'] : [],
    not: trace.t > 0 ? [] : ['Anything, until the applicant signs in there with the reference'],
  }),
};

/** Where the outcome cannot be but by all holders saying the same, it tells what each said. */
function saidByAll({ outcome }: Trace, agreement: Agreement): string[] {
  if (agreement.kind !== 'check') return [];
  const from = concernsThatCount(agreement);
  if (outcome === 'clear' && from === 1) return ['By it, that no holder has a concern'];
  return outcome === 'concern' && from === agreement.holders.length ? ['By it, that every holder has a concern'] : [];
}

function receivedBy({ fields, holders }: Agreement, id: string): string[] {
  const receives = holders.find((holder) => holder.id === id)?.receives ?? [];
  return receives.map((name) => fields[name]?.label ?? name);
}

function countsIn(agreement: Agreement): string[] {
  const counts = agreement.kind === 'check' && typeof agreement.combination === 'object';
  return counts ? ['How many holders have a concern'] : [];
}
