// The terms of the agreement that tests are made with, as in the example of that name. A template has no text here: its
// hash, author and reviewer are only pinned.
import { sha256Of, type CheckAgreement, type Combination } from '@anonymesh/protocol';

export interface Terms {
  readonly combination: Combination;
  readonly deadlineSeconds: number;
}

/** The agreement's content for these parties; every holder receives the subject key, the last one the postcode too. */
export function rightToRemain(parties: CheckAgreement['parties'], terms: Partial<Terms> = {}): CheckAgreement {
  const holders = parties.filter(({ kind }) => kind === 'holder');
  const requesters = parties.filter(({ kind }) => kind === 'requester');
  return {
    id: 'right-to-remain',
    version: 1,
    kind: 'check',
    title: 'Right to remain',
    purpose: 'To decide an application for the right to remain',
    legalBasis: 'Immigration Act, duty to check residence and work',
    parties,
    askers: requesters.map(({ id }) => ({ requester: id, roles: ['caseworker'] })),
    subjectKey: 'niNumber',
    fields: {
      niNumber: { format: 'ni-number', label: 'National Insurance number', hint: 'On payslips and letters' },
      surname: { format: 'name', label: 'Last name' },
      birthDate: { format: 'date', label: 'Date of birth' },
      postcode: { format: 'postcode', label: 'Postcode' },
    },
    holders: holders.map(({ id }, index) => ({
      id,
      receives: index === holders.length - 1 ? ['niNumber', 'postcode'] : ['niNumber', 'birthDate'],
      template: { hash: sha256Of(id), author: sha256Of('author'), reviewer: sha256Of('reviewer') },
      approval: 'none',
    })),
    combination: terms.combination ?? 'any',
    deadlineSeconds: terms.deadlineSeconds ?? 60,
    tellsSubject: { concerns: true },
    retentionDays: 30,
    validity: { from: '2025-01-01', until: '2036-01-01' },
  };
}
