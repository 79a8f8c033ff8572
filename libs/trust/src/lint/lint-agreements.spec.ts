import { beforeAll, describe, expect, it } from '@jest/globals';
import { agreement, base64url, type CheckAgreement } from '@anonymesh/protocol';
import { stringify } from 'yaml';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { newKey, publicBytes } from '../key-file.js';
import { parseYaml } from '../yaml-flaws.js';
import type { Drafted } from './drafted.js';
import { lintAgreements } from './lint-agreements.js';

let parties: Parties;
let other: Parties;
beforeAll(async () => {
  parties = await makeParties({ holders: ['hmrc', 'dwp', 'council', 'police'] });
  other = await makeParties({ requesters: ['tax-office'], holders: ['hmrc', 'dwp', 'council', 'police'] });
});

/** The agreement with these holders only, and whatever else is changed, as a file. */
function drafted(
  file: string,
  holders: readonly string[],
  change: Partial<CheckAgreement> = {},
  from = parties,
): Drafted {
  const { content } = from.agreement;
  const kept = content.holders.filter(({ id }) => holders.includes(id));
  const named = content.parties.filter(({ id, kind }) => kind !== 'holder' || holders.includes(id));
  const receives = kept.map((holder) => ({ ...holder, receives: ['niNumber'] }));
  const limits = { perSubject: { most: 5, withinSeconds: 86_400 } };
  const auditor = { name: 'The auditor', contact: 'by letter', sealing: base64url(publicBytes(newKey('X25519'))) };
  const text = stringify({ ...content, limits, auditor, id: file, parties: named, holders: receives, ...change });
  const parsed = parseYaml(`${file}.yaml`, text, agreement);
  if (!parsed.ok) throw new Error(parsed.flaws.map(({ path, message }) => `${path} ${message}`).join());
  return { file: `${file}.yaml`, content: parsed.value, flawAt: parsed.flawAt };
}

const found = (...drafts: Drafted[]) =>
  lintAgreements(drafts, '2026-06-01').map(
    ({ severity, rule, flaw }) => `${severity} ${rule} ${flaw.file}:${flaw.line}`,
  );

describe('the lint of agreements', () => {
  it('finds nothing in one that stands alone', () => {
    expect(found(drafted('one', ['hmrc', 'dwp']))).toEqual([]);
  });

  it('remarks on one that names no auditor', () => {
    const without = drafted('one', ['hmrc', 'dwp'], { auditor: undefined });
    expect(found(without)).toEqual([expect.stringMatching(/^remark auditor one/)]);
  });

  it('refuses two whose outcomes tell a holder’s flag to one who may ask both', () => {
    const all = drafted('all', ['hmrc', 'dwp', 'council']);
    expect(found(all, drafted('fewer', ['hmrc', 'dwp']))).toEqual([expect.stringMatching(/^fault differencing fewer/)]);
    expect(found(all, drafted('none', ['hmrc', 'dwp', 'council']))).toEqual([]);
    expect(found(all, drafted('far', ['dwp', 'police']))).toEqual([expect.stringMatching(/^fault differencing far/)]);
  });

  it('remarks on it where the holder runs other templates, or other organisations ask', () => {
    const all = drafted('all', ['hmrc', 'dwp', 'council']);
    const holders = parties.agreement.content.holders
      .filter(({ id }) => id === 'hmrc' || id === 'dwp')
      .map((holder) => ({
        ...holder,
        receives: ['niNumber'],
        template: { ...holder.template, hash: 'B'.repeat(42) + 'A' },
      }));
    expect(found(all, drafted('fewer', ['hmrc', 'dwp'], { holders }))).toEqual([
      expect.stringMatching(/^remark differencing fewer/),
    ]);
    const theirs = other.agreement.content.holders.map(({ id, template }) => [id, template] as const);
    const same = parties.agreement.content.holders.filter(({ id }) => id === 'hmrc' || id === 'dwp');
    expect(theirs).toHaveLength(4);
    const elsewhere = drafted(
      'elsewhere',
      ['hmrc', 'dwp'],
      { holders: same.map((each) => ({ ...each, receives: ['niNumber'] })) },
      other,
    );
    expect(found(all, elsewhere)).toEqual([expect.stringMatching(/^remark differencing elsewhere/)]);
  });

  /** The same holders by templates that differ by a character, and the person by another of their numbers. */
  const keyedAnew = (
    holders: readonly string[],
    format: 'nhs-number' | 'ni-number' | 'text' = 'nhs-number',
    { agreement: { content } } = parties,
  ) => {
    const kept = content.holders.filter(({ id }) => holders.includes(id));
    return {
      subjectKey: 'number',
      fields: { number: { format, label: 'Number' } },
      holders: kept.map((holder) => ({
        ...holder,
        receives: ['number'],
        template: { ...holder.template, hash: 'B'.repeat(42) + 'A' },
      })),
    };
  };

  // A holder that is asked by both cannot see that they are about one person: it will refuse neither.
  it('refuses it where the holder runs other templates and the person goes by another number', () => {
    const all = drafted('all', ['hmrc', 'dwp', 'council']);
    const two = ['hmrc', 'dwp'];
    expect(found(all, drafted('fewer', two, keyedAnew(two)))).toEqual([
      expect.stringMatching(/^fault differencing fewer/),
    ]);
    expect(found(all, drafted('fewer', two, keyedAnew(two, 'text')))).toEqual([
      expect.stringMatching(/^fault differencing fewer/),
    ]);
    // The same number under another name is the same to a holder.
    expect(found(all, drafted('fewer', two, keyedAnew(two, 'ni-number')))).toEqual([
      expect.stringMatching(/^remark differencing fewer/),
    ]);
    const three = ['hmrc', 'dwp', 'council'];
    expect(found(all, drafted('same', three, keyedAnew(three)))).toEqual([]);
  });

  it('refuses three of which no two tell it and one has another number of the person', async () => {
    const holders = ['hmrc', 'dwp', 'council', 'police', 'schools', 'health-trust'];
    const many = await makeParties({ holders });
    const [all, three] = [holders, holders.slice(0, 3)].map((each, at) => drafted(`number-${at}`, each, {}, many));
    const two = holders.slice(3, 5);
    const last = (format: 'nhs-number' | 'ni-number') => drafted('number-2', two, keyedAnew(two, format, many), many);
    if (!all || !three) throw new Error('both are needed');
    expect(found(all, three, last('ni-number'))).toEqual([]);
    expect(found(all, three, last('nhs-number'))).toEqual([expect.stringMatching(/^fault differencing number-2/)]);
  });

  it('refuses a party under two names, and lets it be renamed in one agreement after the other', () => {
    const named = (name: string) => ({
      parties: parties.agreement.content.parties
        .filter(({ id }) => id !== 'council' && id !== 'police')
        .map((party) => (party.id === 'immigration' ? { ...party, name } : party)),
    });
    const two = ['hmrc', 'dwp'];
    const one = drafted('one', two, named('The Home Office'));
    const comma = drafted('two', two, named('The Home, Office'));
    expect(found(one, comma)).toEqual([expect.stringMatching(/^fault names two/)]);
    expect(found(one, drafted('two', two, named(' the home office')))).toEqual([]);
    const next = drafted('next', two, { id: 'one', version: 2, ...named('The Home, Office') });
    expect(found(one, next, drafted('two', two, named('The Home Office')))).toEqual([]);
    expect(found(one, next, comma)).toEqual([]);
    const byIdentity = one.content.parties.map((party) =>
      party.id === 'immigration' ? { ...party, id: 'border-office', name: 'The Border Office' } : party,
    );
    const askers = [{ requester: 'border-office', roles: ['caseworker'] }];
    expect(found(one, drafted('two', two, { parties: byIdentity, askers }))).toEqual([
      expect.stringMatching(/^fault names two/),
    ]);
  });

  it('knows an organisation under another name or id, where it compares what one may ask', () => {
    const all = drafted('all', ['hmrc', 'dwp', 'council']);
    const two = ({ agreement: { content } }: Parties, asker: string, name: string) => ({
      parties: content.parties
        .filter(({ id }) => id !== 'council' && id !== 'police')
        .map((party) => (party.id === asker ? { ...party, name } : party)),
    });
    const comma = two(parties, 'immigration', 'The immigration,');
    expect(found(all, drafted('fewer', ['hmrc', 'dwp'], comma))).toEqual([
      expect.stringMatching(/^fault names fewer/),
      expect.stringMatching(/^fault differencing fewer/),
    ]);
    const office = two(other, 'tax-office', 'THE IMMIGRATION ');
    const byOffice = drafted('fewer', ['hmrc', 'dwp'], office, other);
    expect(found(all, byOffice)).toEqual([expect.stringMatching(/^fault differencing fewer/)]);
    // A third that has something in common with each of the two tells that they are one.
    const third = two(other, 'tax-office', 'The tax office');
    expect(found(all, drafted('far', ['dwp', 'hmrc'], third, other))).toEqual([
      expect.stringMatching(/^remark differencing far/),
    ]);
    const link = drafted('link', ['hmrc', 'dwp', 'council'], {
      parties: other.agreement.content.parties
        .filter(({ id }) => id !== 'police')
        .map((party) => (party.id === 'tax-office' ? { ...party, name: 'The immigration' } : party)),
      askers: [{ requester: 'tax-office', roles: ['caseworker'] }],
    });
    expect(found(all, link, drafted('far', ['dwp', 'hmrc'], third, other))).toContainEqual(
      expect.stringMatching(/^fault differencing far/),
    );
  });

  it('refuses what one letter does not carry to the coordinator', async () => {
    const holders = Array.from({ length: 64 }, (_, index) => `holder-${index}`);
    const many = await makeParties({ holders });
    const names = Array.from({ length: 7 }, (_, index) => `field${index}`);
    const fields = Object.fromEntries(names.map((name) => [name, { format: 'text' as const, label: name }]));
    const of = (count: number) =>
      found(
        drafted(
          'many',
          holders,
          {
            fields,
            subjectKey: 'field0',
            holders: many.agreement.content.holders.map((each) => ({ ...each, receives: names.slice(0, count) })),
          },
          many,
        ),
      );
    expect(of(6)).toEqual([]);
    expect(of(7)).toEqual([expect.stringMatching(/^fault size many/)]);
  });

  it('refuses three of which no two tell it', async () => {
    const holders = ['hmrc', 'dwp', 'council', 'police', 'schools', 'health-trust'];
    const many = await makeParties({ holders });
    const drafts = [holders, holders.slice(0, 3), holders.slice(3, 5)].map((each, at) =>
      drafted(`number-${at}`, each, {}, many),
    );
    const [all, three, two] = drafts;
    if (!all || !three || !two) throw new Error('three are needed');
    for (const pair of [
      [all, three],
      [all, two],
      [three, two],
    ])
      expect(found(...pair)).toEqual([]);
    expect(found(...drafts)).toEqual([expect.stringMatching(/^fault differencing number-2/)]);
  });

  it('compares newest versions only, and none that is past', () => {
    const all = drafted('all', ['hmrc', 'dwp', 'council']);
    const fewer = { validity: { from: '2025-01-01', until: '2026-05-31' } };
    expect(found(all, drafted('fewer', ['hmrc', 'dwp'], fewer))).toEqual([
      expect.stringMatching(/^remark validity fewer/),
    ]);
    const next = drafted('next', ['hmrc', 'dwp'], { id: 'all', version: 2 });
    expect(found(all, next)).toEqual([]);
  });

  it('remarks on a person who may be asked about without end, and on a limit that is never reached', () => {
    const day = { withinSeconds: 86_400 };
    const of = (limits: CheckAgreement['limits']) => found(drafted('one', ['hmrc', 'dwp'], { limits }));
    const perSubject = { most: 5, ...day };
    const [perRequester, perAgreement] = [
      { most: 100, ...day },
      { most: 100, ...day },
    ];
    expect(of({ perRequester })).toEqual([expect.stringMatching(/^remark limits one/)]);
    expect(of({ perSubject, perRequester, perAgreement })).toEqual([expect.stringMatching(/^remark limits one/)]);
    expect(of({ perSubject, perRequester, perAgreement: { ...perAgreement, most: 101 } })).toEqual([]);
  });

  it('refuses two different ones of one id and version', () => {
    const one = drafted('one', ['hmrc', 'dwp']);
    const another = drafted('another', ['hmrc', 'dwp'], { id: 'one', deadlineSeconds: 61 });
    expect(found(one, another)).toEqual([expect.stringMatching(/^fault versions another\.yaml:2$/)]);
    expect(found(one, { ...one, file: 'copy.yaml' })).toEqual([expect.stringMatching(/^remark versions/)]);
  });

  it('refuses a check that leaves one holder when the requester’s own organisation is set aside', () => {
    const named = parties.agreement.content.parties.map((party) =>
      party.id === 'hmrc' ? { ...party, name: 'the IMMIGRATION ' } : party,
    );
    const two = named.filter(({ id }) => id !== 'council' && id !== 'police');
    expect(found(drafted('two', ['hmrc', 'dwp'], { parties: two }))).toEqual([
      expect.stringMatching(/^fault holders-left two/),
    ]);
    const three = named.filter(({ id }) => id !== 'police');
    expect(found(drafted('three', ['hmrc', 'dwp', 'council'], { parties: three }))).toEqual([]);
  });

  it('remarks on fields that not every holder receives', () => {
    const { content } = parties.agreement;
    const fields = { ...content.fields, postcode: { format: 'postcode' as const, label: 'Postcode' } };
    const holders = content.holders
      .slice(0, 2)
      .map((holder, index) => ({ ...holder, receives: index === 0 ? ['niNumber', 'postcode'] : ['niNumber'] }));
    expect(found(drafted('one', ['hmrc', 'dwp'], { fields, holders }))).toEqual([
      expect.stringMatching(/^remark partial-field one\.yaml:\d+$/),
    ]);
  });
});
