// What comes of holders' answers: what the requester is told, what the person can learn and when, and what an auditor can
// prove.
import { thumbprint, type Agreement, type CheckAgreement, type SetAgreement } from '@anonymesh/protocol';
import { nameOfThe } from './names.js';
import type { Said } from './section.js';
import { duration } from './wording.js';

export function outcomeSentences(content: Agreement): Said[] {
  return content.kind === 'check' ? ofCheck(content) : ofSet(content);
}

function ofCheck(content: CheckAgreement): Said[] {
  const { combination } = content;
  const how =
    combination === 'any'
      ? 'any holder has a concern'
      : combination === 'all'
        ? 'all holders have a concern'
        : `at least ${combination.atLeast} holders have a concern`;
  return [
    [
      'combination',
      `The outcome is “concern” if ${how}, and “clear” otherwise; if anything is amiss, a person must look.`,
    ],
    ...(typeof combination === 'object'
      ? [
          [
            'count',
            `${nameOfThe('aggregator', content)} learns how many holders have a concern, and not which.`,
          ] satisfies Said,
        ]
      : []),
    ['subject', subjectOf(content)],
    ['embargo', embargoOf(content)],
  ];
}

function subjectOf(content: CheckAgreement): string {
  const who = `The person can learn, at ${nameOfThe('portal', content)}, which holders had a concern`;
  return content.tellsSubject.reasons === false
    ? `${who}, but not why: holders do not say their reasons there.`
    : `${who}, and why.`;
}

function embargoOf(content: CheckAgreement): string {
  const { afterSeconds } = content.tellsSubject;
  if (afterSeconds === undefined) return 'The person can learn it as soon as there is an outcome.';
  const keepers = `${nameOfThe('aggregator', content)} and ${nameOfThe('portal', content)}`;
  return `The person can learn it ${duration(afterSeconds)} after the answers were due, and not sooner: ${keepers} both keep this embargo.`;
}

const released: Readonly<Record<SetAgreement['release'], readonly Said[]>> = {
  count: [['release', 'The requester is told how many people match, and nothing else.']],
  'on-match': [['release', 'The requester receives the agreed fields of records that match.']],
  'on-approval': [
    [
      'release',
      'The requester receives the agreed fields of those matching records that a person at their holder approves, and is told how many people match, whatever is approved.',
    ],
    [
      'approvers learn',
      'Whoever approves reads which of the own records match, and so learns that others have them too.',
    ],
  ],
};

function ofSet({ combination, release }: SetAgreement): Said[] {
  const how = combination === 'all' ? 'all holders’ sets' : `the sets of at least ${combination.atLeast} holders`;
  return [['combination', `A person matches who is in ${how}.`], ...released[release]];
}

export function auditorSentence({ kind, auditor, combination }: Agreement): string {
  if (auditor === undefined) return 'Nobody but the parties: no auditor is named.';
  const { name, contact, sealing } = auditor;
  const id = thumbprint('X25519', Buffer.from(sealing, 'base64url'));
  const counted = typeof combination === 'object' ? ', also how many holders had a concern' : '';
  const opens =
    kind === 'check'
      ? `what each holder answered or refused, masked, and when${counted}, but not about whom`
      : 'which holder took part or refused, and when, but not who matched';
  return `${name} (${contact}), as auditor, can open, of every question, ${opens}, with the key ${id}.`;
}
