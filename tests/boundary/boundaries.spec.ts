// The table against itself: a row that contradicts another would make every check that is derived from it worthless.
import { describe, expect, it } from '@jest/globals';
import { allowedImports, hops, libraries, parties, plumbing, tools, vocabularies } from '../../boundaries.mjs';

describe('boundaries.mjs', () => {
  it('carries to each party only what it speaks', () => {
    const misdirected = hops.filter(({ vocabulary, to }) => !parties[to].speaks.includes(vocabulary));
    expect(misdirected).toEqual([]);
  });

  it('never lets a party other than the subject’s portal hold all three kinds of knowledge', () => {
    const together = Object.entries(parties).filter(([, { speaks }]) =>
      (['asking', 'answering', 'outcome'] as const).every((vocabulary) => speaks.includes(vocabulary)),
    );
    expect(together.map(([kind]) => kind)).toEqual(['portal']);
  });

  it('lets the coordinator speak core alone, and no aggregator speak of a person', () => {
    expect(parties.coordinator.speaks).toEqual(['core']);
    expect(parties.aggregator.speaks).not.toContain('asking');
  });

  it('names libraries that exist, and no vocabulary as plumbing', () => {
    const apps = Object.values(parties).map(({ app }) => app);
    expect(Object.keys(plumbing).sort()).toEqual([...apps].sort());
    for (const used of Object.values(libraries).flat()) expect(Object.keys(libraries)).toContain(used);
    for (const app of apps) for (const used of allowedImports(app)) expect(Object.keys(libraries)).toContain(used);
    const spoken = Object.values(vocabularies).filter((library) => library !== vocabularies.core);
    for (const used of Object.values(plumbing).flat()) expect(spoken).not.toContain(used);
  });

  it('gives a tool nothing that speaks of a person, a holder’s word or an outcome', () => {
    const spoken = Object.values(vocabularies).filter((library) => library !== vocabularies.core);
    for (const used of Object.values(tools).flat()) {
      expect(Object.keys(libraries)).toContain(used);
      expect(spoken).not.toContain(used);
    }
    const apps = Object.values(parties).map(({ app }) => app);
    expect(Object.keys(tools).filter((tool) => apps.includes(tool))).toEqual([]);
  });

  it('gives no library but receipts a vocabulary beside core, so that none can carry one to a party that does not speak it', () => {
    const spoken = Object.values(vocabularies).filter((library) => library !== vocabularies.core);
    const carrying = Object.entries(libraries).filter(([, uses]) => uses.some((used) => spoken.includes(used)));
    expect(carrying.map(([name]) => name)).toEqual(['receipts']);
  });

  it('lets nobody but the command line have what reads receipts: an auditor sees words and outcomes, no party does', () => {
    const users = [...Object.entries(libraries), ...Object.entries(plumbing), ...Object.entries(tools)];
    expect(users.filter(([, uses]) => uses.includes('receipts')).map(([name]) => name)).toEqual(['cli']);
  });
});
