// An agreement in readable words, for the holder's own staff: who may ask what, what is run and let out for it, how long it
// is kept. It says what the machines do, no more.
import type { CheckAgreement, SetAgreement } from '@anonymesh/protocol';
import { nameIn, type AgreementFault, type OwnAgreement } from '../../agreed/own-agreements.js';
import type { StandingAgreement } from '../../agreed/standing-agreements.js';
import { durationWords } from './duration-words.js';

export interface Said {
  readonly heading: string;
  readonly sentences: readonly string[];
}

/** What keeps it from being answered under. What hangs on the parties is said with their names. */
export function faultWords({ faults, inWords }: StandingAgreement): string[] {
  return faults.map((fault) => words[fault] ?? `It is ${inWords}.`);
}

const words: Readonly<Partial<Record<AgreementFault, string>>> = {
  'not-signed': 'Not every party has signed it.',
  'not-yet': 'Its first day has not come.',
  over: 'Its last day is over.',
  'template-missing': 'The template that it pins is not here, or is not signed by its author and its reviewer.',
  'template-unfit': 'The template does not answer what the agreement asks, or takes what it does not give.',
};

export function agreementWords(own: OwnAgreement): Said[] {
  const { content } = own.signed;
  const askers = content.askers.map(({ requester, roles }) => `${nameIn(own.signed, requester)}: ${roles.join(', ')}.`);
  return [
    { heading: 'What for', sentences: [content.purpose] },
    { heading: 'Legal basis', sentences: [content.legalBasis] },
    { heading: 'Who may ask, in which role', sentences: askers },
    { heading: 'What we receive', sentences: receivedWords(own) },
    ...(content.kind === 'check' ? checkWords(content) : setWords(content, own)),
    {
      heading: 'How long it may take',
      sentences: [`The query has ended ${durationWords(content.deadlineSeconds)} after it was asked.`],
    },
    { heading: 'Who must approve it here', sentences: [approvalWords[own.terms.approval]] },
    {
      heading: 'How long it is kept',
      sentences: [
        `What is kept of a query, the disclosure log included, is deleted ${dayWords(content.retentionDays)} after its deadline.`,
      ],
    },
  ];
}

const approvalWords: Readonly<Record<OwnAgreement['terms']['approval'], string>> = {
  none: 'Nobody: a query is answered without a person.',
  'each query': 'One person, each query, before anything of it is evaluated.',
  'each query by two people': 'Two people, each query, before anything of it is evaluated.',
};

function receivedWords({ signed, terms }: OwnAgreement): string[] {
  const { fields, kind } = signed.content;
  if (terms.receives.length === 0) return ['Nothing: the query names nobody.'];
  const about = kind === 'check' ? 'Of the person who is asked about' : 'For the whole query';
  return [`${about}: ${terms.receives.map((name) => fields[name]?.label ?? name).join(', ')}.`];
}

function checkWords({ combination, holders, parties }: CheckAgreement): Said[] {
  const [aggregator] = parties.filter(({ kind }) => kind === 'aggregator');
  const when =
    combination === 'any'
      ? 'any holder has one'
      : combination === 'all'
        ? 'all holders have one'
        : `at least ${combination.atLeast} holders have one`;
  return [
    {
      heading: 'What leaves',
      sentences: [
        `To ${aggregator?.name ?? 'the aggregator'}: a masked flag, of which nobody can tell alone whether there is a concern.`,
        'Sealed to the person who was asked about: whether there is a concern, its reason and how to reach us.',
      ],
    },
    {
      heading: 'How answers are combined',
      sentences: [
        `Of ${holders.length} holders: the outcome is a concern if ${when}. Who it was is told to the person alone.`,
      ],
    },
  ];
}

const releaseWords: Readonly<Record<SetAgreement['release'], string>> = {
  count: 'Only how many people the holders have in common. No record leaves.',
  'on-match': 'Records of people whom the other holders have too, sealed to the requester; the rest nobody can open.',
  'on-approval': 'Records that match, and of those only what a person here approves, sealed to the requester.',
};

function setWords({ release, keys, limits, combination, holders }: SetAgreement, { terms }: OwnAgreement): Said[] {
  const releases = 'releases' in terms ? terms.releases : [];
  const wanted =
    combination === 'all' ? `all ${holders.length}` : `at least ${combination.atLeast} of ${holders.length}`;
  const keyWords = keys.map(({ label, fields }) => `${label} (${fields.map(({ name }) => name).join(', ')})`);
  return [
    {
      heading: 'What leaves',
      sentences: [
        releaseWords[release],
        ...(releases.length === 0 ? [] : [`Of each such record: ${releases.join(', ')}.`]),
        'To the other holders: points that tell nobody apart.',
      ],
    },
    {
      heading: 'When people match',
      sentences: [`If ${wanted} holders have the same person, by any of these keys: ${keyWords.join('; ')}.`],
    },
    {
      heading: 'Limits',
      sentences: [
        `No holder’s set is larger than ${limits.records.most.toLocaleString('en-GB')} records.`,
        `Nothing is released below ${limits.matches.least} people, or above ${limits.matches.most} records of one holder.`,
      ],
    },
  ];
}

function dayWords(days: number): string {
  return days === 1 ? 'one day' : `${days} days`;
}
