// The terms of the set agreement that tests are made with, as in the example of that name. A template has no text here:
// its hash, author and reviewer are only pinned.
import { canonicalBytes, sha256Of, type SetAgreement } from '@anonymesh/protocol';

/**
 * The agreement's content for these parties, a portal among them left out. With other terms it is another agreement: two of
 * one version would be in conflict.
 */
export function atRiskChildren(parties: SetAgreement['parties'], change: Partial<SetAgreement> = {}): SetAgreement {
  const named = parties.filter(({ kind }) => kind !== 'portal');
  const holders = named.filter(({ kind }) => kind === 'holder');
  const requesters = named.filter(({ kind }) => kind === 'requester');
  return {
    id: Object.keys(change).length === 0 ? 'at-risk-children' : `at-risk-children-${hashOf(change)}`,
    version: 1,
    kind: 'set',
    title: 'Children at risk',
    purpose: 'To find the children whom all of us hold as a concern',
    legalBasis: 'Children Act 2004, sections 10 and 11',
    parties: named,
    askers: requesters.map(({ id }) => ({ requester: id, roles: ['caseworker'] })),
    fields: {},
    holders: holders.map(({ id }) => ({
      id,
      receives: [],
      releases: change.release === 'count' ? [] : ['surname', 'note'],
      template: { hash: sha256Of(id), author: sha256Of('author'), reviewer: sha256Of('reviewer') },
      approval: 'none',
    })),
    release: 'on-match',
    combination: 'all',
    keys: [
      { label: 'nhs', fields: [{ name: 'nhsNumber', format: 'nhs-number' }] },
      {
        label: 'person',
        fields: [
          { name: 'surname', format: 'name' },
          { name: 'birthDate', format: 'date' },
          { name: 'postcode', format: 'postcode' },
        ],
      },
    ],
    record: { bytes: 256 },
    limits: { records: { most: 1000 }, matches: { least: 0, most: 100 } },
    deadlineSeconds: 120,
    retentionDays: 30,
    validity: { from: '2025-01-01', until: '2036-01-01' },
    ...change,
  };
}

function hashOf(change: Partial<SetAgreement>): string {
  return Buffer.from(sha256Of(canonicalBytes(change)), 'base64url').toString('hex', 0, 4);
}
