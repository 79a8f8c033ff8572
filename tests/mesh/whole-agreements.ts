// A check and a set that have every part which an agreement may have: for tests that go through all of them.
import { agreement, sha256Of, type CheckAgreement, type SetAgreement } from '@anonymesh/protocol';

const kinds = {
  immigration: 'requester',
  'tax-office': 'requester',
  coordinator: 'coordinator',
  aggregator: 'aggregator',
  'appeal-portal': 'portal',
  hmrc: 'holder',
  dwp: 'holder',
  council: 'holder',
} as const;
const holders = ['hmrc', 'dwp', 'council'];

const parties = Object.entries(kinds).map(([id, kind]) => ({ id, kind, name: `The ${id}`, identity: sha256Of(id) }));
const template = (id: string) => ({ hash: sha256Of(id), author: sha256Of('author'), reviewer: sha256Of('reviewer') });
const often = (most: number, hours: number) => ({ most, withinSeconds: hours * 3600 });

const said = {
  version: 1,
  purpose: 'To decide an application,\nand nothing else',
  legalBasis: 'Immigration Act',
  auditor: { name: 'The audit office', contact: 'by letter', sealing: sha256Of('an X25519 key') },
  askers: [
    { requester: 'immigration', roles: ['caseworker', 'supervisor'] },
    { requester: 'tax-office', roles: ['inspector'] },
  ],
  deadlineSeconds: 90_061,
  retentionDays: 30,
  validity: { from: '2026-01-01', until: '2026-12-31' },
};

export const wholeCheck: CheckAgreement = {
  ...said,
  id: 'right-to-remain',
  kind: 'check',
  title: 'Right to remain',
  parties,
  subjectKey: 'niNumber',
  fields: {
    niNumber: { format: 'ni-number', label: 'National Insurance number', hint: 'On the payslip' },
    postcode: { format: 'postcode', label: 'Postcode', hint: 'Of the present home' },
  },
  holders: holders.map((id) => ({
    id,
    receives: ['niNumber', 'postcode'],
    template: template(id),
    approval: 'each query',
  })),
  combination: { atLeast: 2 },
  limits: { perSubject: often(5, 24), perRequester: often(1000, 25), perAgreement: often(5000, 26) },
  tellsSubject: { concerns: true, reasons: false, afterSeconds: 7 * 86_400 },
};

export const wholeSet: SetAgreement = {
  ...said,
  id: 'at-risk-children',
  kind: 'set',
  title: 'Children at risk',
  parties: parties.filter(({ kind }) => kind !== 'portal'),
  fields: { since: { format: 'date', label: 'Since', hint: 'A day' } },
  holders: holders.map((id) => ({
    id,
    receives: ['since'],
    releases: ['surname', 'contact'],
    template: template(id),
    approval: 'each query',
  })),
  release: 'on-match',
  combination: { atLeast: 2 },
  keys: [
    { label: 'nhs', fields: [{ name: 'nhsNumber', format: 'nhs-number' }] },
    {
      label: 'person',
      fields: [
        { name: 'surname', format: 'name' },
        { name: 'birthDate', format: 'date' },
      ],
    },
  ],
  record: { bytes: 512 },
  limits: {
    perRequester: often(4, 24),
    perAgreement: often(8, 25),
    novelty: { least: 20, most: 500 },
    records: { most: 20_000 },
    matches: { least: 3, most: 200 },
  },
};

for (const whole of [wholeCheck, wholeSet]) agreement.parse(whole);
