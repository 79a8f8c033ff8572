// An agreement in sentences, by section: what its lawyer reads, and what two versions are compared by.
import { thumbprint, type Agreement, type AtMost, type CheckAgreement } from '@anonymesh/protocol';
import { holderSentences, type Sentence } from './holder-sentences.js';
import { days, duration, list } from './wording.js';

export interface Section {
  readonly heading: string;
  readonly sentences: readonly Sentence[];
}

export function sectionsOf(content: Agreement): Section[] {
  const nameOf = (id: string) => content.parties.find((party) => party.id === id)?.name ?? id;
  return [
    section('What it is for', [
      ['title', `It is called “${content.title}”.`],
      ['kind', kindOf(content)],
      ['purpose', `Purpose: ${content.purpose}.`],
      ['legal basis', `Legal basis: ${content.legalBasis}.`],
    ]),
    section(
      'Parties',
      content.parties.map(({ id, kind, name, identity }) => [
        id,
        `${name} (${id}) takes part as ${kind}, with the identity ${identity}.`,
      ]),
    ),
    section(
      'Who may ask',
      content.askers.flatMap(({ requester, roles }) =>
        roles.map((role): Said => [
          `${requester} ${role}`,
          `${nameOf(requester)} may ask, through people in the role “${role}”.`,
        ]),
      ),
    ),
    section('What is asked for', [
      ...Object.entries(content.fields).map(([field, { label, format, hint }]): Said => [
        field,
        `${label} (${field}), as ${format}${hint === undefined ? '' : `. The form says: “${hint}”`}.`,
      ]),
      ...(content.kind === 'check'
        ? [
            [
              'subject key',
              `The person is known by ${content.fields[content.subjectKey]?.label ?? content.subjectKey} (${content.subjectKey}).`,
            ] satisfies Said,
          ]
        : content.keys.map(({ label, fields }): Said => [
            `key ${label}`,
            `Records are of one person if they agree on ${list(fields.map(({ name, format }) => `${name} (as ${format})`))}: key “${label}”.`,
          ])),
    ]),
    { heading: 'What each holder receives, runs and releases', sentences: holderSentences(content) },
    section('What comes of the answers', outcomeOf(content)),
    section('Limits', limitsOf(content)),
    section('Who can prove afterwards how a question went', [['auditor', auditorOf(content)]]),
    section('Time', [
      ['deadline', `Every question ends within ${duration(content.deadlineSeconds)}.`],
      ['retention', `What is kept of a question is erased ${days(content.retentionDays)} after its deadline.`],
      ['validity from', `It is valid from ${content.validity.from}.`],
      ['validity until', `It is valid until ${content.validity.until}.`],
    ]),
  ].filter(({ sentences }) => sentences.length > 0);
}

type Said = readonly [key: string, text: string];

function section(heading: string, said: readonly Said[]): Section {
  return { heading, sentences: said.map(([key, text]) => ({ key, text: inOneLine(text).replace(/\.\.$/, '.') })) };
}

/** Purposes and the like may be written in several lines. */
function inOneLine(text: string): string {
  return text.replace(/\s+\.$/, '.').replaceAll(/\s*\n\s*/g, ' ');
}

function kindOf({ kind }: Agreement): string {
  return kind === 'check'
    ? 'Each question is a check on one person.'
    : 'Each question is about the people whom several holders’ sets have in common; it names nobody.';
}

function outcomeOf(content: Agreement): Said[] {
  const { combination } = content;
  const count = typeof combination === 'object' ? combination.atLeast : 0;
  if (content.kind === 'set') {
    const how = combination === 'all' ? 'all holders’ sets' : `the sets of at least ${count} holders`;
    const released = {
      count: 'The requester is told how many people match, and nothing else.',
      'on-match': 'The requester receives the agreed fields of records that match.',
      'on-approval':
        'The requester receives the agreed fields of those matching records that a person at their holder approves.',
    } as const;
    return [
      ['combination', `A person matches who is in ${how}.`],
      ['release', released[content.release]],
    ];
  }
  const how =
    combination === 'any'
      ? 'any holder has a concern'
      : combination === 'all'
        ? 'all holders have a concern'
        : `at least ${count} holders have a concern`;
  return [
    [
      'combination',
      `The outcome is “concern” if ${how}, and “clear” otherwise; if anything is amiss, a person must look.`,
    ],
    ['subject', toldSubject(content.tellsSubject)],
  ];
}

function toldSubject({ reasons, afterSeconds }: CheckAgreement['tellsSubject']): string {
  const why = reasons === false ? 'but not why' : 'and why';
  const from = afterSeconds === undefined ? '' : `, from ${duration(afterSeconds)} after answers were due`;
  return `The person can learn, in the appeal portal, which holders had a concern, ${why}${from}.`;
}

function auditorOf({ auditor }: Agreement): string {
  if (auditor === undefined) return 'Nobody but the parties: no auditor is named.';
  const { name, contact, sealing } = auditor;
  const id = thumbprint('X25519', Buffer.from(sealing, 'base64url'));
  const opens =
    'can open, of every question, what each holder answered or refused, masked, and when, but not about whom';
  return `${name} (${contact}), as auditor, ${opens}, with the key ${id}.`;
}

function limitsOf(content: Agreement): Said[] {
  const { limits } = content;
  const perSubject = content.kind === 'check' ? content.limits?.perSubject : undefined;
  const asked: Said[] = [
    ...often('per person', perSubject, 'One person may be asked about', 'by whomever'),
    ...often('per requester', limits?.perRequester, 'Each requester may ask'),
    ...often('per agreement', limits?.perAgreement, 'All requesters together may ask'),
  ];
  if (content.kind === 'check') return asked;
  const { records, matches, novelty } = content.limits;
  return [
    ...asked,
    ['records', `No holder’s set is larger than ${records.most} records.`],
    ['most matches', `If more than ${matches.most} records of one holder match, nothing is released.`],
    ['least matches', `If fewer than ${matches.least} people match, nothing is released.`],
    ...(novelty === undefined ? [] : [['novelty', noveltyOf(novelty)] satisfies Said]),
    ['record size', `A released record is at most ${content.record.bytes} bytes.`],
  ];
}

function often(key: string, limit: AtMost | undefined, who: string, by?: string): Said[] {
  if (limit === undefined) return [];
  const times = limit.most === 1 ? 'once' : `${limit.most} times`;
  return [[key, `${who} ${times} within ${duration(limit.withinSeconds)}${by === undefined ? '' : `, ${by}`}.`]];
}

function noveltyOf({ least, most }: { readonly least: number; readonly most: number }): string {
  const same = 'If a requester asks again, a holder’s set must be the same';
  return most === 0 ? `${same}.` : `${same}, or at least ${least} and at most ${most} of its records new or gone.`;
}
