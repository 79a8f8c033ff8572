import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { childrenFiles, expectedMatches } from '@anonymesh/examples';
import { placesOf, signIn, visitor } from '@anonymesh/founding';
import type { SetAgreement } from '@anonymesh/protocol';
import { enginesHere } from '@anonymesh/psi';
import { untilNothingIsLeft } from '../mesh/left-by-sets.js';
import { logOf } from '../mesh/read-mesh.js';
import { startSetMesh, type ReleasedRecords, type SetMesh } from '../mesh/start-set-mesh.js';
import { scrape } from '../operations/exported-metrics.js';

type Records = ReleasedRecords['records'];

const three = ['health-trust', 'police', 'schools'] as const;
const records = { most: 1000 };
let mesh: SetMesh;
/** Asked for all of the tests that only look at what was released. */
let asked: string;

beforeAll(async () => {
  mesh = await startSetMesh({
    variants: {
      counted: { release: 'count', limits: { records, matches: { least: 0, most: 100 } } },
      'few-at-most': { limits: { records, matches: { least: 0, most: 19 } } },
      'many-at-least': { limits: { records, matches: { least: 21, most: 100 } } },
      'small-sets': { limits: { records: { most: 100 }, matches: { least: 0, most: 100 } } },
    },
  });
  asked = await mesh.ask();
}, 90_000);
afterEach(() => untilNothingIsLeft(mesh), 30_000);
afterAll(() => mesh?.end());

describe('a set query', () => {
  it('releases the records of the children whom all hold, and of each the fields that were agreed', async () => {
    const { people, released } = expectedMatches(mesh.sizes);
    expect(await mesh.ended(asked)).toMatchObject({ outcome: 'released', people, answered: 2, holders: 2 });
    const opened = await mesh.records(asked);
    expect(opened).toMatchObject({ queryId: asked, people, unreadable: 0 });
    expect(countByHolder(opened.records)).toEqual(released);
    for (const { holder, holderName, fields } of opened.records)
      expect([holderName, Object.keys(fields).sort()]).toEqual([nameOf(holder), releasesOf(holder)]);
    expectSameChildren(opened.records);
    expectAsThePoliceHaveThem(opened.records);
  });

  it('gives its records as a table, too', async () => {
    await mesh.ended(asked);
    const answer = await mesh.socialWorker.send('GET', `/api/v1/queries/${asked}/records.csv`);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [head, ...lines] = (await answer.text()).trimEnd().split('\r\n');
    const fields = new Set(['health-trust', 'police'].flatMap(releasesOf));
    expect(head?.split(',').sort()).toEqual(['holder', ...fields].sort());
    const { released } = expectedMatches(mesh.sizes);
    for (const [holder, count] of Object.entries(released))
      expect(lines.filter((line) => line.startsWith(`${nameOf(holder)},`))).toHaveLength(count);
  });

  it('is nobody’s but the social worker’s who asked', async () => {
    await mesh.ended(asked);
    const other = await signIn(mesh, 'childrens-services', visitor);
    for (const path of ['', '/records', '/records.csv', '/events'])
      expect((await other.send('GET', `/api/v1/queries/${asked}${path}`)).status).toBe(404);
    expect((await fetch(`${mesh.url('childrens-services')}/api/v1/queries/${asked}/records`)).status).toBe(401);
  });

  it('is computed by the fastest engine that runs here, which each holder’s log names', async () => {
    const [fastest] = await enginesHere();
    for (const holder of three) {
      const named = (await logOf(mesh, holder)).filter(({ event }) => event === 'sets.engine');
      expect(named).toMatchObject([{ engine: fastest }]);
    }
  });

  it('is counted at each holder in points, and the time that they took', async () => {
    await mesh.ended(asked);
    for (const holder of ['health-trust', 'police'] as const) {
      const found = await scrape(mesh.monitoring(holder));
      const valueOf = (wanted: string) => found.find(({ name }) => name === wanted)?.value;
      expect(valueOf('anonymesh_psi_elements_total')).toBeGreaterThanOrEqual(
        Math.min(mesh.sizes.healthTrust, mesh.sizes.police),
      );
      expect(valueOf('anonymesh_psi_seconds_total')).toBeGreaterThan(0);
    }
  });

  it('with two of three needed releases what any two hold', async () => {
    const queryId = await mesh.ask('at-risk-children-at-least-two');
    const { people, released } = expectedMatches({ ...mesh.sizes, holders: three, atLeast: 2 });
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'released', people, answered: 3, holders: 3 });
    expect(countByHolder((await mesh.records(queryId)).records)).toEqual(released);
  });

  it('that counts tells how many, and releases nothing', async () => {
    const queryId = await mesh.ask('counted');
    const { people } = expectedMatches(mesh.sizes);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'released', people });
    expect(await mesh.records(queryId)).toMatchObject({ people, unreadable: 0, records: [] });
  });

  it('can be asked several times at once', async () => {
    const ids = await Promise.all(['at-risk-children', 'at-risk-children', 'counted'].map((id) => mesh.ask(id)));
    const { people, released } = expectedMatches(mesh.sizes);
    for (const id of ids) expect(await mesh.ended(id, 60)).toMatchObject({ outcome: 'released', people });
    for (const id of ids.slice(0, 2)) expect(countByHolder((await mesh.records(id)).records)).toEqual(released);
  }, 60_000);

  it('in which one of three holds nobody goes on as if the two were all', async () => {
    change('schools', 'update pupil set attendance = attendance + 1000');
    const queryId = await mesh.ask('at-risk-children-at-least-two');
    const { people, released } = expectedMatches(mesh.sizes);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: 'released', people, answered: 3 });
    expect(countByHolder((await mesh.records(queryId)).records)).toEqual(released);
    change('schools', 'update pupil set attendance = attendance - 1000');
  });

  it('for which nobody holds anybody finds nobody', async () => {
    expect(await mesh.ended(await mesh.ask('counted', '2049-12-31'))).toMatchObject({ outcome: 'released', people: 0 });
  });
});

describe('a set query that must not release anything', () => {
  const expectRefer = async (agreement: string, code: string, answered = 2) => {
    const queryId = await mesh.ask(agreement);
    const ended = await mesh.ended(queryId);
    expect(ended).toMatchObject({ outcome: 'refer', code, answered });
    expect(ended.people).toBeUndefined();
    for (const path of ['records', 'records.csv'])
      expect((await mesh.socialWorker.send('GET', `/api/v1/queries/${queryId}/${path}`)).status).toBe(404);
  };

  it.each([
    ['finds more children than were agreed', 'few-at-most', 'too-many-matches'],
    ['finds fewer than were agreed', 'many-at-least', 'too-few-matches'],
  ])('refers, where it %s', (_, agreement, code) => expectRefer(agreement, code));

  it('refers, where a holder’s set is larger than was agreed, as often as it is asked for, and not where it fits', async () => {
    for (let times = 0; times < 2; times++) await expectRefer('small-sets', 'set-too-large', 0);
    expect(await mesh.ended(await mesh.ask('small-sets', '2049-12-31'))).toMatchObject({ outcome: 'released' });
  });

  it.each([
    ['an NHS number that is none', "'999 000 0000', 'X', 'Y', '2015-05-05', 'M1 1AA'"],
    ['neither an NHS number nor a birthday', "'', 'X', 'Y', '', 'M1 1AA'"],
  ])('refers, where a holder’s records have %s, until that is put right', async (_, child) => {
    change('police', `insert into child values (-1, ${child}, 'PC')`);
    change('police', "insert into incident values (-1, '2026-05-05', 'x', 1)");
    await expectRefer('at-risk-children', 'set-unfit', 0);
    for (const from of ['incident where child_id', 'child where id']) change('police', `delete from ${from} = -1`);
    expect(await mesh.ended(await mesh.ask())).toMatchObject({ outcome: 'released' });
  });
});

function agreementOf(id: string): SetAgreement {
  const agreement = mesh.agreements.get(id);
  if (agreement?.kind !== 'set') throw new Error(`no agreement on sets is ${id}`);
  return agreement;
}

function nameOf(holder: string): string | undefined {
  return agreementOf('at-risk-children-at-least-two').parties.find(({ id }) => id === holder)?.name;
}

function releasesOf(holder: string): string[] {
  return [...(agreementOf('at-risk-children').holders.find(({ id }) => id === holder)?.releases ?? [])].sort();
}

function countByHolder(all: Records): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(all, ({ holder }) => holder)].map(([holder, of]) => [holder, of.length]));
}

/** Each record has another holder's beside it with the same birthday or, where that is not known, the same name. */
function expectSameChildren(all: Records): void {
  const folded = (value: unknown) => String(value).normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
  for (const { holder, fields } of all) {
    const others = all.filter((other) => other.holder !== holder);
    const twins = others.filter(({ fields: { birthDate, givenName } }) =>
      [birthDate, fields['birthDate']].includes('')
        ? folded(givenName) === folded(fields['givenName'])
        : folded(birthDate) === folded(fields['birthDate']),
    );
    expect([fields['birthDate'], twins.length > 0]).toEqual([fields['birthDate'], true]);
  }
}

/** No field has been changed, cut or taken from another record on its way. */
function expectAsThePoliceHaveThem(all: Records): void {
  const database = openRecords('police', true);
  const find = database.prepare(`
    select count(*) as incidents, max(occurred_on) as lastIncident from incident join child on child.id = child_id
      where given_name = ? and surname = ? and birth_date = ? and officer = ? and occurred_on >= '2025-11-01'`);
  for (const { fields } of all.filter(({ holder }) => holder === 'police')) {
    const { givenName, surname, birthDate, contact, incidents, lastIncident } = fields;
    expect({ ...find.get(...[givenName, surname, birthDate, contact].map(String)) }).toEqual({
      incidents,
      lastIncident,
    });
  }
  database.close();
}

/** A holder changes its own records. */
function change(holder: 'police' | 'schools', sql: string): void {
  const database = openRecords(holder);
  database.exec(sql);
  database.close();
}

function openRecords(holder: 'police' | 'schools', readOnly = false): DatabaseSync {
  return new DatabaseSync(join(placesOf(mesh.dir, holder).data, childrenFiles[holder]), { readOnly });
}
