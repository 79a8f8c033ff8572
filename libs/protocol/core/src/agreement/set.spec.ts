import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { agreement } from '../agreement.js';
import { holdersToMatch, type SetAgreement } from './set.js';

const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
const kinds = {
  'childrens-services': 'requester',
  coordinator: 'coordinator',
  aggregator: 'aggregator',
  'health-trust': 'holder',
  police: 'holder',
} as const;

const terms: SetAgreement = {
  id: 'at-risk-children',
  version: 1,
  kind: 'set',
  title: 'Children at risk',
  purpose: 'To find the children whom both hold as a concern',
  legalBasis: 'Children Act 2004',
  parties: Object.entries(kinds).map(([id, kind]) => ({ id, kind, name: id, identity: hash(id) })),
  askers: [{ requester: 'childrens-services', roles: ['social-worker'] }],
  fields: { since: { format: 'date', label: 'Since' } },
  keys: [{ label: 'nhs', fields: [{ name: 'nhsNumber', format: 'nhs-number' }] }],
  combination: 'all',
  release: 'on-match',
  record: { bytes: 256 },
  holders: ['health-trust', 'police'].map((id) => ({
    id,
    receives: ['since'],
    releases: ['surname'],
    template: { hash: hash(id), author: hash('author'), reviewer: hash('reviewer') },
    approval: 'none' as const,
  })),
  limits: { records: { most: 100 }, matches: { least: 1, most: 10 } },
  deadlineSeconds: 600,
  retentionDays: 30,
  validity: { from: '2026-01-01', until: '2026-12-31' },
};
const [trust, police] = terms.holders as [SetAgreement['holders'][0], SetAgreement['holders'][0]];

const faultsOf = (change: object): string[] => {
  const parsed = agreement.safeParse({ ...terms, ...change });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

describe('an agreement on sets', () => {
  it('is as it is written', () => {
    expect(agreement.parse(terms)).toEqual(terms);
  });

  it('may be given nothing by the requester', () => {
    const holders = terms.holders.map((holder) => ({ ...holder, receives: [] }));
    expect(faultsOf({ fields: {}, holders })).toEqual([]);
  });

  it.each<[string, object, string]>([
    [
      'a portal, for nobody is asked about',
      { parties: [...terms.parties, { id: 'portal', kind: 'portal', name: 'p', identity: hash('p') }] },
      'parties: must name no portal',
    ],
    ['a key’s label twice', { keys: [...terms.keys, ...terms.keys] }, 'keys: a label twice'],
    [
      'a field twice in one key',
      { keys: [{ label: 'nhs', fields: [...(terms.keys[0]?.fields ?? []), ...(terms.keys[0]?.fields ?? [])] }] },
      'keys.0.fields: a field twice',
    ],
    [
      'a field in two formats',
      { keys: [...terms.keys, { label: 'other', fields: [{ name: 'nhsNumber', format: 'text' }] }] },
      'keys: a field in two formats',
    ],
    ['a count that releases records', { release: 'count' }, 'holders.0.releases: a count releases nothing'],
    [
      'a holder that releases nothing',
      { holders: [{ ...trust, releases: [] }, police] },
      'holders.0.releases: must name what is released',
    ],
    [
      'a released field twice',
      { holders: [trust, { ...police, releases: ['surname', 'surname'] }] },
      'holders.1.releases: a field twice',
    ],
    [
      'a least that is above the most',
      { limits: { records: { most: 100 }, matches: { least: 21, most: 10 } } },
      'limits.matches: the least is more than the most',
    ],
    [
      'more matches than one letter carries for approval',
      { release: 'on-approval', limits: { records: { most: 20_000 }, matches: { least: 1, most: 2276 } } },
      'limits.matches.most: more than one letter carries for approval',
    ],
    ['more than there are holders', { combination: { atLeast: 3 } }, 'combination: more than there are holders'],
    [
      'an unknown parameter',
      { holders: [{ ...trust, receives: ['until'] }, police] },
      'holders.0.receives: unknown field',
    ],
  ])('is refused with %s', (_what, change, fault) => {
    expect(faultsOf(change)).toContain(fault);
  });

  it.each<[string, object, string]>([
    ['one holder is enough', { combination: { atLeast: 1 } }, 'combination.atLeast'],
    ['any holder is enough', { combination: 'any' }, 'combination'],
    ['records have no size', { record: { bytes: 0 } }, 'record.bytes'],
    ['there is no cap', { limits: { matches: terms.limits.matches } }, 'limits.records'],
    ['there are no keys', { keys: [] }, 'keys'],
    ['it names a subject', { subjectKey: 'nhsNumber' }, ''],
  ])('is refused where %s', (_what, change, path) => {
    expect(faultsOf(change).map((fault) => fault.split(':')[0])).toContain(path);
  });

  it('may let people approve as many matches as one letter carries', () => {
    const limits = { records: { most: 20_000 }, matches: { least: 1, most: 2275 } };
    expect(faultsOf({ release: 'on-approval', limits })).toEqual([]);
  });

  it('matches with all holders, or with as many as it says', () => {
    expect(holdersToMatch(terms)).toBe(2);
    expect(holdersToMatch({ ...terms, holders: [trust, police, police], combination: { atLeast: 2 } })).toBe(2);
  });
});
