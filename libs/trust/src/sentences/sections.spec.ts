import { describe, expect, it } from '@jest/globals';
import type { Agreement } from '@anonymesh/protocol';
import { changeEachLeaf } from '../../../../tests/mesh/change-each-leaf.js';
import { wholeCheck, wholeSet } from '../../../../tests/mesh/whole-agreements.js';
import { sectionsFor, sectionsOf } from './sections.js';
import type { Section } from './section.js';

const lines = (sections: readonly Section[]) => sections.flatMap(({ sentences }) => sentences.map(({ text }) => text));
const said = (content: Agreement) => lines(sectionsOf(content)).join('\n');
const under = (sections: readonly Section[], heading: string) =>
  lines(sections.filter((each) => each.heading === heading)).join('\n');

describe.each<[string, Agreement]>([
  ['a check', wholeCheck],
  ['a set', wholeSet],
])('the sentences of %s', (_what, content) => {
  const changed = changeEachLeaf(content);

  it('are others where anything in it is another, or left out', () => {
    expect(changed.length).toBeGreaterThan(90);
    const unsaid = changed.filter(([, other]) => said(other) === said(content)).map(([where]) => where);
    expect(unsaid).toEqual([]);
  });

  it('are others from one holder’s side, too', () => {
    for (const { id } of content.holders) {
      const ofHolder = (each: Agreement) => JSON.stringify(sectionsFor(each, id));
      const unsaid = changed.filter(([, other]) => ofHolder(other) === ofHolder(content)).map(([where]) => where);
      expect([id, unsaid]).toEqual([id, []]);
    }
  });

  it('are from one holder’s side the same, its own apart', () => {
    expect(lines(sectionsFor(content, 'dwp')).sort()).toEqual(lines(sectionsOf(content)).sort());
    const own = under(sectionsFor(content, 'dwp'), 'What The dwp receives, runs and releases');
    expect(own).toContain('The dwp receives');
    expect(own).not.toMatch(/hmrc|council/);
    const others = under(sectionsFor(content, 'dwp'), 'What the other holders receive, run and release');
    expect(others).toMatch(/The hmrc receives[^]*The council receives/);
    expect(others).not.toContain('dwp');
  });

  it('have a key each, by which they are compared', () => {
    for (const { heading, sentences } of sectionsOf(content)) {
      const keys = sentences.map(({ key }) => key);
      expect([heading, new Set(keys).size]).toEqual([heading, keys.length]);
    }
  });
});

describe('what leaves a holder', () => {
  const leaves = (content: Agreement) => under(sectionsOf(content), 'What leaves each holder, and to whom');
  const { auditor, ...unaudited } = wholeCheck;

  it('is of a check the reason only where the agreement lets it be told', () => {
    expect(leaves(wholeCheck)).toMatch(/whether there is a concern and how to reach the holder; not the reason\./);
    const telling = leaves({ ...wholeCheck, tellsSubject: { concerns: true } });
    expect(telling).toMatch(/whether there is a concern, its reason and how to reach the holder\./);
  });

  it('is a testimony only where an auditor is named', () => {
    expect(leaves(wholeCheck)).toContain(`Sealed to ${auditor?.name}, as auditor`);
    expect(leaves(unaudited)).not.toMatch(/auditor/);
  });

  it('is no record of a set that counts, and none that nobody approved where people approve', () => {
    expect(leaves({ ...wholeSet, release: 'count' })).toContain('No record leaves');
    expect(leaves({ ...wholeSet, release: 'on-approval' })).toContain('that a person there approves. No other record');
  });
});

describe('what the person can learn', () => {
  const told = (tellsSubject: typeof wholeCheck.tellsSubject) =>
    under(sectionsOf({ ...wholeCheck, tellsSubject }), 'What comes of the answers');

  it('is told with reasons or without, and from when', () => {
    const all = told({ concerns: true });
    expect(all).toContain('The person can learn, at The appeal-portal, which holders had a concern, and why.');
    expect(all).toContain('as soon as there is an outcome');
    expect(told({ concerns: true, reasons: false })).toMatch(/which holders had a concern, but not why/);
    expect(told({ concerns: true, afterSeconds: 90 * 86_400 })).toMatch(
      /90 days after the answers were due, and not sooner: The aggregator and The appeal-portal both keep this embargo/,
    );
  });
});

describe('the time that people have', () => {
  const approval = (content: Agreement) => /^People who must approve.*$/m.exec(said(content))?.[0];
  const ofMachines = wholeSet.holders.map((holder) => ({ ...holder, approval: 'none' as const }));

  it('is less than the whole, as holders reckon it, and is not spoken of where nobody decides', () => {
    expect(approval({ ...wholeCheck, deadlineSeconds: 60 })).toContain('at most 50 seconds');
    expect(approval({ ...wholeCheck, deadlineSeconds: 14_400 })).toContain(
      'at most 3 hours, 59 minutes and 50 seconds',
    );
    expect(approval({ ...wholeSet, holders: ofMachines })).toBeUndefined();
    expect(approval({ ...wholeSet, holders: ofMachines, release: 'on-approval' })).toBeDefined();
  });
});
