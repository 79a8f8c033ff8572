import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { expectedMatches } from './expected-matches.js';
import { atRiskChildren } from './folder.js';
import { childrenFiles, prepareChildren } from './records.js';
import { askedSince } from './seasons.js';
import { exampleSizes, type AtRiskHolder, type Sizes } from './sizes.js';
import { setFromDocuments, setFromSqlite, type Row } from './try-set.js';

const folder = mkdtempSync(join(tmpdir(), 'at-risk-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Sets = Record<AtRiskHolder, Row[]>;

async function setsOf(sizes: Partial<Sizes> = {}, since = askedSince): Promise<Sets> {
  const cache = await prepareChildren(folder, sizes);
  const at = (holder: AtRiskHolder) => join(cache.folder, childrenFiles[holder]);
  return {
    'health-trust': await setFromDocuments(at('health-trust'), since),
    police: setFromSqlite('police.sqlite', at('police'), since),
    schools: setFromSqlite('schools.sqlite', at('schools'), since),
  };
}

const sizesIn = (sets: Sets) => Object.fromEntries(Object.entries(sets).map(([holder, rows]) => [holder, rows.length]));

const text = (row: Row, field: string) => (typeof row[field] === 'string' ? row[field] : '');

/** A row's keys, plainly: everything that spelling may differ in taken away. */
function keysOf(row: Row): string[] {
  const bare = (field: string) =>
    text(row, field)
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[\s-]+/g, field === 'givenName' || field === 'surname' ? ' ' : '')
      .replaceAll(/[‘’]/g, "'")
      .trim();
  const person = ['givenName', 'surname', 'birthDate', 'postcode'].map(bare);
  return [...(bare('nhsNumber') ? [bare('nhsNumber')] : []), ...(person.every(Boolean) ? [person.join('|')] : [])];
}

/** The protocol's rule of matching, over all rows in the clear. */
function matchesAmong(sets: Sets, holders: readonly AtRiskHolder[], atLeast: number) {
  const rows = holders.flatMap((holder) => sets[holder].map((row) => ({ holder, keys: keysOf(row), row })));
  const byKey = Map.groupBy(
    rows.flatMap((entry) => entry.keys.map((key) => ({ key, entry }))),
    ({ key }) => key,
  );
  const sharing = (entry: (typeof rows)[number]) =>
    entry.keys.flatMap((key) => (byKey.get(key) ?? []).map((each) => each.entry));
  const released = rows.filter((entry) => {
    const others = new Set(sharing(entry).map(({ holder }) => holder));
    return others.size - (others.has(entry.holder) ? 1 : 0) >= atLeast - 1;
  });
  const left = new Set(released);
  let people = 0;
  for (const start of released) {
    const component = [start].filter((entry) => left.delete(entry));
    for (const entry of component) component.push(...sharing(entry).filter((other) => left.delete(other)));
    const counts = Map.groupBy(component, ({ holder }) => holder);
    people += Math.max(0, ...Array.from(counts.values(), ({ length }) => length));
  }
  const of = (holder: AtRiskHolder) => released.filter((entry) => entry.holder === holder);
  return { people, released: Object.fromEntries(holders.map((holder) => [holder, of(holder).length])), rows: released };
}

const both = ['health-trust', 'police'] as const;
const three = ['health-trust', 'police', 'schools'] as const;

let sets: Sets;
beforeAll(async () => (sets = await setsOf()));

describe('the example’s sets', () => {
  it('are as large as the ground truth says, less than the lists that they come from', () => {
    expect(sizesIn(sets)).toEqual(expectedMatches({ holders: three }).sets);
    expect(sizesIn(sets)).toEqual({ 'health-trust': 1804, police: 4503, schools: 2702 });
  });

  it('have every key field in its format, or empty, and no row without a key', () => {
    for (const row of Object.values(sets).flat()) {
      expect(text(row, 'nhsNumber').normalize('NFKC')).toMatch(/^(999[ -]?\d{3}[ -]?\d{4})?$/);
      expect(text(row, 'birthDate').normalize('NFKC').trim()).toMatch(/^(20\d\d-\d\d-\d\d)?$/);
      expect(text(row, 'postcode').toUpperCase()).toMatch(/^(M\d{1,2} *\d[A-Z]{2})?$/);
      for (const name of ['givenName', 'surname'])
        expect(text(row, name).normalize('NFKC').trim()).toMatch(/^\p{L}[\p{L}'’‘ -]+$/u);
      expect(keysOf(row)).not.toEqual([]);
    }
  });

  it('have records that fit the agreement, with text or a number in every field', () => {
    const draft = parse(readFileSync(join(atRiskChildren, 'at-least-two.yaml'), 'utf8')) as {
      record: { bytes: number };
      holders: { id: AtRiskHolder; releases: string[] }[];
    };
    for (const { id, releases } of draft.holders)
      for (const row of sets[id]) {
        const record = Object.fromEntries(releases.map((field) => [field, row[field]]));
        for (const value of Object.values(record)) expect(['string', 'number']).toContain(typeof value);
        expect(Buffer.byteLength(JSON.stringify(record))).toBeLessThanOrEqual(draft.record.bytes);
      }
  });

  it('have nobody twice at one holder', () => {
    for (const rows of Object.values(sets)) {
      const keys = rows.flatMap(keysOf);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('are smaller for a later day, larger for an earlier one', async () => {
    const [later, earlier] = [await setsOf({}, '2026-10-01'), await setsOf({}, '2022-01-01')];
    for (const holder of three) {
      expect(later[holder].length).toBeLessThan(sets[holder].length);
      expect(earlier[holder].length).toBeGreaterThan(sets[holder].length);
    }
  });
});

describe('the matches', () => {
  it('are exactly 60 children of health trust and police', () => {
    const expected = expectedMatches();
    expect(expected).toMatchObject({ people: 60, released: { 'health-trust': 60, police: 60 } });
    expect(matchesAmong(sets, both, 2)).toMatchObject({ people: 60, released: expected.released });
  });

  it('are 105 children whom at least two of three hold', () => {
    const expected = expectedMatches({ holders: three, atLeast: 2 });
    expect(expected).toMatchObject({ people: 105, released: { 'health-trust': 90, police: 75, schools: 65 } });
    expect(matchesAmong(sets, three, 2)).toMatchObject({ people: 105, released: expected.released });
  });

  it('need each record to match all others itself where all three must hold a child', () => {
    const expected = expectedMatches({ holders: three });
    expect(expected.released['police']).toBeLessThan(expected.released['health-trust'] ?? 0);
    expect(matchesAmong(sets, three, 3)).toMatchObject({ people: expected.people, released: expected.released });
  });

  it('are by either key: some by both, some by the NHS number alone, some by the person alone', () => {
    const { rows } = matchesAmong(sets, both, 2);
    const inCommon = rows
      .filter(({ holder }) => holder === 'police')
      .map(({ keys }) =>
        keys.filter((key) => rows.some((other) => other.holder !== 'police' && other.keys.includes(key))),
      )
      .map((keys) => keys.map((key) => (key.includes('|') ? 'person' : 'number')).join());
    expect(new Set(inCommon)).toEqual(new Set(['number', 'person', 'number,person']));
  });

  it('have twins as two children, and leave out a twin who is on one list only', () => {
    const home = (row: Row) => keysOf(row).at(-1)?.split('|').slice(1).join('|') ?? '';
    const twinsAmong = (rows: readonly Row[]) =>
      [
        ...Map.groupBy(
          rows.filter((row) => keysOf(row).at(-1)?.includes('|')),
          home,
        ).values(),
      ].filter(({ length }) => length > 1);
    const released = matchesAmong(sets, both, 2).rows.filter(({ holder }) => holder === 'health-trust');
    expect(twinsAmong(sets['health-trust']).length).toBeGreaterThan(twinsAmong(released.map(({ row }) => row)).length);
    expect(twinsAmong(sets.police)).toHaveLength(6);
  });

  it.each<Partial<Sizes>>([
    { healthTrust: 40, police: 30, schools: 0, common: 3 },
    { healthTrust: 300, police: 200, schools: 100, common: 7, belowThreshold: 0 },
    { healthTrust: 900, police: 900, schools: 900, common: 211, belowThreshold: 90 },
    { healthTrust: 16, police: 16, schools: 16, common: 0 },
  ])('are as expected at other sizes: %j', async (sizes) => {
    const found = await setsOf(sizes);
    for (const [holders, atLeast] of [
      [both, 2],
      [three, 2],
      [three, 3],
    ] as const) {
      const { people, released } = expectedMatches({ ...sizes, holders, atLeast });
      expect(matchesAmong(found, holders, atLeast)).toMatchObject({ people, released });
    }
    expect(sizesIn(found)).toEqual(expectedMatches({ ...sizes, holders: three }).sets);
    expect(expectedMatches(sizes).people).toBe(sizes.common);
  });
});

describe('sizes', () => {
  it.each<Partial<Sizes>>([
    { police: -1 },
    { common: 1.5 },
    { belowThreshold: 101 },
    { common: exampleSizes.healthTrust },
    { schools: 10 },
  ])('that cannot be are refused: %j', async (sizes) => {
    await expect(prepareChildren(folder, sizes)).rejects.toThrow(RangeError);
  });
});
