// An agreement in sentences, by section: what its lawyer reads, what two versions are compared by, and what a holder's
// console shows. Nobody else puts an agreement into words, so that all who sign or run it read the same, and all of it.
import type { Agreement, PartyId } from '@anonymesh/protocol';
import { decidedByPeople, secondsToDecide } from '../people-decide.js';
import { holderSentences } from './holder-sentences.js';
import { leavingSentences } from './leaving-sentences.js';
import { limitSentences } from './limit-sentences.js';
import { labelOf, nameOf } from './names.js';
import { auditorSentence, outcomeSentences } from './outcome-sentences.js';
import { section, type Said, type Section } from './section.js';
import { days, duration, list } from './wording.js';

export function sectionsOf(content: Agreement): Section[] {
  return [
    ...before(content),
    section(
      'What each holder receives, runs and releases',
      holderSentences(content, () => true),
    ),
    section('What leaves each holder, and to whom', leavingSentences(content)),
    ...after(content),
  ].filter(isSaid);
}

/** The same from one holder's side: what it receives, runs and lets out stands apart from what the others do. */
export function sectionsFor(content: Agreement, holder: PartyId): Section[] {
  const name = nameOf(content, holder);
  return [
    ...before(content),
    section(
      `What ${name} receives, runs and releases`,
      holderSentences(content, (id) => id === holder),
    ),
    section(`What leaves ${name}, and to whom`, leavingSentences(content)),
    section(
      'What the other holders receive, run and release',
      holderSentences(content, (id) => id !== holder),
    ),
    ...after(content),
  ].filter(isSaid);
}

/** What the requester is told, and what the person can learn. */
export function outcomeSection(content: Agreement): Section {
  return section('What comes of the answers', outcomeSentences(content));
}

function isSaid({ sentences }: Section): boolean {
  return sentences.length > 0;
}

function before(content: Agreement): Section[] {
  return [
    section('Which document it is', [['version', `It is version ${content.version} of ${content.id}.`]]),
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
          `${nameOf(content, requester)} may ask, through people in the role “${role}”.`,
        ]),
      ),
    ),
    section('What is asked for', askedOf(content)),
  ];
}

function after(content: Agreement): Section[] {
  return [
    outcomeSection(content),
    section('Limits', limitSentences(content)),
    section('Who can prove afterwards how a question went', [['auditor', auditorSentence(content)]]),
    section('Time', timeOf(content)),
  ];
}

function kindOf({ kind }: Agreement): string {
  return kind === 'check'
    ? 'Each question is a check on one person.'
    : 'Each question is about the people whom several holders’ sets have in common; it names nobody.';
}

function askedOf(content: Agreement): Said[] {
  const fields = Object.entries(content.fields).map(([field, { label, format, hint }]): Said => [
    field,
    `${label} (${field}), as ${format}${hint === undefined ? '' : `. The form says: “${hint}”`}.`,
  ]);
  if (content.kind === 'check')
    return [...fields, ['subject key', `The person is known by ${labelOf(content, content.subjectKey)}.`]];
  const keys = content.keys.map(({ label, fields: parts }): Said => [
    `key ${label}`,
    `Records are of one person if they agree on ${list(parts.map(({ name, format }) => `${name} (as ${format})`))}: key “${label}”.`,
  ]);
  return [...fields, ...keys];
}

function timeOf(content: Agreement): Said[] {
  const { deadlineSeconds, retentionDays, validity } = content;
  const decided = `People who must approve have at most ${duration(secondsToDecide(content))} from when it is asked; what they have not approved by then is refused, or not released.`;
  return [
    ['deadline', `Every question ends within ${duration(deadlineSeconds)}.`],
    ...(decidedByPeople(content) ? [['approval', decided] satisfies Said] : []),
    [
      'retention',
      `What is kept of a question, holders’ logs of what left them included, is erased ${days(retentionDays)} after its deadline.`,
    ],
    ['validity from', `It is valid from ${validity.from}.`],
    ['validity until', `It is valid until ${validity.until}.`],
  ];
}
