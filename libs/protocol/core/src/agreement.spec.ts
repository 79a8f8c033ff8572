import { describe, expect, it } from '@jest/globals';
import { agreement, agreementHashOf, commonFields, soleParty } from './agreement.js';
import { makeAgreement, terms } from './fixtures/made-agreement.js';

type Terms = Record<string, unknown>;
const copy = () => structuredClone(terms);

/** `path: message` of everything that is wrong with it. */
function faultsOf(content: unknown): string[] {
  const parsed = agreement.safeParse(content);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('an agreement', () => {
  it('is taken where nothing contradicts itself', () => {
    expect(faultsOf(terms)).toEqual([]);
  });

  const manyFields = (count: number, hint: string) => ({
    ...terms.fields,
    ...Object.fromEntries(
      Array.from({ length: count - 2 }, (_, index) => [`field${index}`, { format: 'text', label: 'A field', hint }]),
    ),
  });

  it('is taken with as many fields as there may be, and texts in any script', () => {
    expect(faultsOf({ ...terms, fields: manyFields(64, '役'.repeat(1000)) })).toEqual([]);
  });

  const [hmrc, dwp] = terms.holders as [Holder, Holder];
  type Holder = (typeof terms.holders)[number];
  const template = { ...hmrc.template, reviewer: hmrc.template.author };
  const party = (id: string) => terms.parties.filter((each) => each.id === id);
  const without = (id: string) => terms.parties.filter((each) => each.id !== id);
  const another = { ...party('hmrc')[0], id: 'council', identity: terms.holders[0]?.template.hash };

  it.each<[string, Terms, string]>([
    ['a party twice', { parties: [...terms.parties, ...party('hmrc')] }, 'parties: a party is named twice'],
    [
      'an identity twice',
      { parties: [...without('dwp'), { ...another, id: 'dwp', identity: party('hmrc')[0]?.identity }] },
      'parties: two parties have one identity',
    ],
    [
      'no portal',
      { parties: [...without('appeal-portal'), another], holders: [hmrc, dwp, { ...dwp, id: 'council' }] },
      'parties: must name one portal',
    ],
    ['no aggregator', { parties: [...without('aggregator'), another] }, 'parties: must name one aggregator'],
    [
      'two coordinators',
      { parties: [...terms.parties, { ...another, kind: 'coordinator' }] },
      'parties: must name one coordinator',
    ],
    ['a holder twice', { holders: [hmrc, dwp, hmrc] }, 'holders: a holder is named twice'],
    [
      'a holder that is no party',
      { holders: [hmrc, { ...dwp, id: 'police' }] },
      'holders: must be the parties of kind holder',
    ],
    [
      'a holder that is not asked',
      { parties: [...terms.parties, another] },
      'holders: must be the parties of kind holder',
    ],
    [
      'a requester among the holders',
      { holders: [hmrc, { ...dwp, id: 'immigration' }] },
      'holders: must be the parties of kind holder',
    ],
    [
      'an asker that is a holder',
      { askers: [{ requester: 'hmrc', roles: ['caseworker'] }] },
      'askers.0.requester: must be a requester',
    ],
    [
      'an asker that is unknown',
      { askers: [...terms.askers, { requester: 'nobody', roles: ['x'] }] },
      'askers.1.requester: must be a requester',
    ],
    [
      'a title that steers a terminal',
      { title: 'Right\u001b[2K\u001b[1A to remain' },
      'title: must be one line, without control characters or others that nobody sees',
    ],
    [
      'a purpose that turns its line round',
      { purpose: 'To \u202eedisbus\u202c' },
      'purpose: must be without control characters or others that nobody sees',
    ],
    [
      'a party’s name of two lines',
      { parties: [{ ...terms.parties[0], name: 'Home Office\nHMRC' }, ...terms.parties.slice(1)] },
      'parties.0.name: must be one line, without control characters or others that nobody sees',
    ],
    ['an asker twice', { askers: [...terms.askers, ...terms.askers] }, 'askers: a requester is named twice'],
    [
      'a field that is not defined',
      { holders: [hmrc, { ...dwp, receives: ['niNumber', 'birthDate'] }] },
      'holders.1.receives: unknown field',
    ],
    [
      'a field that every object has',
      { holders: [hmrc, { ...dwp, receives: ['niNumber', 'constructor'] }] },
      'holders.1.receives: unknown field',
    ],
    [
      'a field twice',
      { holders: [{ ...hmrc, receives: ['niNumber', 'niNumber'] }, dwp] },
      'holders.0.receives: a field twice',
    ],
    [
      'a holder without the subject key',
      { holders: [{ ...hmrc, receives: ['postcode'] }, dwp] },
      'holders.0.receives: must have the subject key',
    ],
    [
      'an author who reviews',
      { holders: [{ ...hmrc, template }, dwp] },
      'holders.0.template: author and reviewer must be two people',
    ],
    ['more fields than anybody fills in', { fields: manyFields(65, 'A hint') }, 'fields: must be at most 64'],
    ['more concerns than holders', { combination: { atLeast: 3 } }, 'combination: more than there are holders'],
    ['limits that limit nothing', { limits: {} }, 'limits: limits nothing'],
    [
      'a limit on what is erased by then',
      { limits: { perSubject: { most: 3, withinSeconds: 30 * 86_400 + 1 } } },
      'limits.perSubject.withinSeconds: looks back further than anything is kept',
    ],
    [
      'an end before its beginning',
      { validity: { from: '2026-02-01', until: '2026-01-31' } },
      'validity: ends before it begins',
    ],
  ])('is refused with %s, and says where', (_what, change, fault) => {
    expect(faultsOf({ ...terms, ...change })).toContain(fault);
  });

  it.each<[string, Terms]>([
    ['text', { fields: manyFields(64, '役'.repeat(1400)) }],
    ['roles', { askers: [{ requester: 'immigration', roles: Array.from({ length: 20_000 }, () => 'a caseworker') }] }],
  ])('is refused with more %s than one letter carries', (_what, change) => {
    const fault = /^: \d+ bytes, more than the 262144 of which one letter can tell the parties$/;
    expect(faultsOf({ ...terms, ...change })).toEqual([expect.stringMatching(fault)]);
  });

  it.each<[string, (content: Terms & ReturnType<typeof copy>) => void, string]>([
    ['limits of an unknown kind', (content) => (content['limits'] = { perDay: 3 }), 'limits'],
    [
      'a limit of none',
      (content) => (content['limits'] = { perSubject: { most: 0, withinSeconds: 1 } }),
      'limits.perSubject.most',
    ],
    ['an unknown kind', (content) => Object.assign(content, { kind: 'statistic' }), 'kind'],
    ['a set query’s release', (content) => Object.assign(content, { release: 'count' }), ''],
    [
      'an approval by nobody in particular',
      (content) => Object.assign(content.holders[0] ?? {}, { approval: 'each day' }),
      'holders.0.approval',
    ],
    ['a note on a party', (content) => Object.assign(content.parties[0] ?? {}, { note: '' }), 'parties.0'],
    ['a flag for a field', (content) => Object.assign(content.fields.niNumber, { optional: true }), 'fields.niNumber'],
    [
      'silence to the subject',
      (content) => Object.assign(content, { tellsSubject: { concerns: false } }),
      'tellsSubject.concerns',
    ],
    [
      'an embargo of no time',
      (content) => Object.assign(content, { tellsSubject: { concerns: true, afterSeconds: 0 } }),
      'tellsSubject.afterSeconds',
    ],
    [
      'reasons that are switched on where they are on anyway',
      (content) => Object.assign(content, { tellsSubject: { concerns: true, reasons: true } }),
      'tellsSubject.reasons',
    ],
    [
      'a day that does not exist',
      (content) => Object.assign(content.validity, { until: '2026-02-30' }),
      'validity.until',
    ],
    ['a deadline of no time', (content) => Object.assign(content, { deadlineSeconds: 1 }), 'deadlineSeconds'],
    ['one holder', (content) => content.holders.pop(), 'holders'],
    ['at least none', (content) => Object.assign(content, { combination: { atLeast: 0 } }), 'combination.atLeast'],
    ['at least one and a half', (content) => Object.assign(content, { combination: { atLeast: 1.5 } }), 'combination'],
    [
      'a party id that is a subject',
      (content) => Object.assign(content.parties[0] ?? {}, { id: 'a.>' }),
      'parties.0.id',
    ],
  ])('is refused with %s, which it cannot mean', (_what, change, path) => {
    const content = copy();
    change(content);
    expect(faultsOf(content).map((fault) => fault.split(':')[0])).toContain(path);
  });

  it('names every contradiction at once', () => {
    const faults = faultsOf({ ...terms, askers: [...terms.askers, ...terms.askers], combination: { atLeast: 9 } });
    expect(faults).toEqual(['askers: a requester is named twice', 'combination: more than there are holders']);
  });
});

describe('what follows from an agreement', () => {
  it('is a hash of all its terms, whatever their order', () => {
    const hash = agreementHashOf(makeAgreement());
    const backwards = Object.fromEntries(Object.entries(terms).reverse());
    expect(agreementHashOf(agreement.parse(backwards))).toBe(hash);
    expect(agreementHashOf(makeAgreement({ version: 2 }))).not.toBe(hash);
    expect(hash).toMatch(/^[\w-]{43}$/);
  });

  it('are the fields that every holder receives', () => {
    expect(commonFields(makeAgreement())).toEqual(['niNumber']);
    const both = terms.holders.map((holder) => ({ ...holder, receives: ['postcode', 'niNumber'] }));
    expect(commonFields(makeAgreement({ holders: both }))).toEqual(['niNumber', 'postcode']);
  });

  it('are its one coordinator, its one aggregator and its one portal', () => {
    const content = makeAgreement();
    const found = (['coordinator', 'aggregator', 'portal'] as const).map((kind) => soleParty(content, kind));
    expect(found).toEqual(['coordinator', 'aggregator', 'appeal-portal']);
    expect(() => soleParty({ ...content, parties: [] }, 'portal')).toThrow(TypeError);
  });
});
