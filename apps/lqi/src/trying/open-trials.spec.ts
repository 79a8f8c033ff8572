import '../../../../tests/servers/run-from-source.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CheckTemplate } from '@anonymesh/trust';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ownAgreements, type OwnAgreement } from '../agreed/own-agreements.js';
import { makeLqiMesh, taxTemplate, type LqiMesh } from '../fixtures/made-dispatch.js';
import { child, concernList, makeSetMesh } from '../fixtures/set-mesh.js';
import type { Row, Source } from '../sources/source.js';
import { openSqlite } from '../sources/sqlite.js';
import { readSample, type Sample } from './read-sample.js';
import { openTrials } from './open-trials.js';

let mesh: LqiMesh;
let own: OwnAgreement;
let folder: string;
let source: Source;
const late = 'AB123456C';
const paid = 'AB123456D';
beforeAll(async () => {
  mesh = await makeLqiMesh();
  [own] = ownAgreements(mesh.holder('hmrc'), Date.now()) as [OwnAgreement];
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-trials-'));
  const records = new DatabaseSync(join(folder, 'tax.db'));
  records.exec('create table returns (person text, due text)');
  records.prepare('insert into returns values (?, ?)').run(paid, '2020-01-31');
  records.close();
  source = openSqlite(join(folder, 'tax.db'));
});
afterAll(async () => {
  await source.close();
  await rm(folder, { recursive: true });
});

const day = 86_400_000;

function sampleOf(niNumber: string, more: Readonly<Record<string, string>> = {}): Sample {
  const sample = readSample(own, { niNumber, birthDate: '1985-03-27', ...more }, Date.now());
  if ('errors' in sample) throw new Error(JSON.stringify(sample.errors));
  return sample;
}

const withTemplate = (change: Partial<CheckTemplate>): OwnAgreement => ({
  ...own,
  template: { ...taxTemplate, ...change } as CheckTemplate,
});

describe('a sample', () => {
  it('is what this holder would receive, in canonical form, and is withheld', () => {
    const { fields, asOf } = sampleOf(' ab 12 34 56 c ');
    expect(fields['niNumber']?.reveal()).toBe(late);
    expect(asOf).toBe(new Date().toISOString().slice(0, 10));
    expect(JSON.stringify(fields)).not.toContain(late);
  });

  it.each([
    [{}, ['niNumber missing', 'birthDate missing']],
    [{ niNumber: ' ', birthDate: '1985-03-27' }, ['niNumber missing']],
    [{ niNumber: late, birthDate: '27/03/1985' }, ['birthDate wrong-format']],
    [{ niNumber: "' or 1=1", birthDate: '1985-02-30' }, ['niNumber wrong-format', 'birthDate wrong-format']],
    [{ niNumber: late, birthDate: '1985-03-27', asOf: 'today' }, ['asOf wrong-format']],
    [{ niNumber: late, birthDate: '1985-03-27', postcode: 'NM1 4QT' }, [' unknown-field']],
    [{ niNumber: [late], birthDate: 1985 }, ['niNumber wrong-format', 'birthDate wrong-format']],
  ])('that is not as agreed is told by field, without what was typed: %j', (given, expected) => {
    const read = readSample(own, given, Date.now());
    const errors = 'errors' in read ? read.errors : [];
    expect(errors.map(({ field, code }) => `${field} ${code}`)).toEqual(expected);
    expect(JSON.stringify(errors)).not.toMatch(/1=1|27.03|NM1/);
  });
});

describe('a template that is tried', () => {
  it('finds what a query would find, on the day that is told', async () => {
    const tryPinned = openTrials(source);
    const milliseconds = expect.any(Number);
    expect(await tryPinned(own, sampleOf(late))).toEqual({
      kind: 'check',
      concern: true,
      reason: 'A tax return is missing.',
      milliseconds,
    });
    expect(await tryPinned(own, sampleOf(paid))).toEqual({ kind: 'check', concern: false, reason: '', milliseconds });
    expect(await tryPinned(own, sampleOf(paid, { asOf: '2019-06-01' }))).toMatchObject({ concern: true });
  });

  it.each<[string, Partial<CheckTemplate>, string]>([
    [
      'more rows than agreed',
      { statement: 'select 1 as concern, :niNumber, :asOf union all select 0, 1, 1' },
      'too-many-rows',
    ],
    [
      'no end',
      {
        statement:
          'with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) as concern from n where :niNumber > :asOf',
        milliseconds: 200,
      },
      'timeout',
    ],
    ['another shape', { statement: 'select 7 as concern, :niNumber, :asOf' }, 'unfit'],
    ['a deletion', { statement: 'delete from returns where person = :niNumber and due < :asOf' }, 'statement'],
    ['two statements', { statement: 'select :niNumber, :asOf; drop table returns' }, 'statement'],
  ])('is held to the limits of a query: %s', async (_what, change, code) => {
    expect(await openTrials(source)(withTemplate(change), sampleOf(paid))).toEqual({ kind: 'failed', code });
    expect(await openTrials(source)(own, sampleOf(paid))).toMatchObject({ kind: 'check', concern: false });
  });

  it('does not run while another is tried, so that the queries have the database', async () => {
    const tryPinned = openTrials(source);
    const both = await Promise.all([tryPinned(own, sampleOf(late)), tryPinned(own, sampleOf(late))]);
    expect(both.map((tried) => (tried.kind === 'failed' ? tried.code : tried.kind))).toEqual(['check', 'busy']);
    expect(await tryPinned(own, sampleOf(late))).toMatchObject({ kind: 'check' });
  });

  it('is not run where it is not the one that the agreement pins', async () => {
    const unpinned = { ...own, template: undefined };
    expect(await openTrials(source)(unpinned, sampleOf(late))).toEqual({ kind: 'failed', code: 'no-template' });
  });

  it('changes nothing in the records', async () => {
    const file = join(folder, 'tax.db');
    const before = await readFile(file);
    await openTrials(source)(own, sampleOf(late));
    expect((await readFile(file)).equals(before)).toBe(true);
  });
});

describe('the template of a set that is tried', () => {
  it('tells how many records there are, and whether they are as agreed', async () => {
    const sets = await makeSetMesh();
    const agreement = await sets.agree();
    const trust = { directory: sets.parties.directory, agreements: sets.agreements };
    const { keyring } = sets.parties.party('police');
    const [list] = ownAgreements({ id: 'police', keyring, trust, templates: sets.templates }, Date.now());
    expect(list?.signed.hash).toBe(agreement.hash);
    const tried = (...batches: readonly (readonly Row[])[]) => {
      const records: Source = {
        run: () => Promise.reject(new Error('no check')),
        stream: async function* () {
          yield* batches;
        },
        close: async () => undefined,
      };
      return openTrials(records)(list as OwnAgreement, { fields: {}, asOf: '2026-01-31' });
    };
    const rows = [1, 2, 3].map((n) => ({ ...child(n, 'known') }));
    expect(await tried(rows, rows)).toMatchObject({ kind: 'set', records: 6, cut: false });
    expect(await tried()).toMatchObject({ kind: 'set', records: 0 });
    expect(await tried(rows, [{ ...child(4, ''), nhsNumber: '123' }])).toEqual({ kind: 'failed', code: 'unfit' });
    expect(concernList.answer).toBe('set');
  });
});

describe('an agreement of this holder', () => {
  it('is in force, or says what keeps it from being', async () => {
    const now = Date.now();
    const faultsOf = async (...change: Parameters<LqiMesh['parties']['agree']>) =>
      ownAgreements(mesh.holder('hmrc', await mesh.parties.agree(...change)), now).map(({ faults }) => faults);
    const { holders } = mesh.agreement.content;
    const until = (days: number) => new Date(now + days * day).toISOString().slice(0, 10);
    expect(await faultsOf({ holders })).toEqual([[]]);
    expect(ownAgreements({ ...mesh.holder('hmrc'), id: 'police' }, now)).toEqual([]);
    expect(await faultsOf({ holders }, ['immigration'])).toEqual([['not-signed']]);
    expect(await faultsOf({ holders, validity: { from: '2020-01-01', until: until(-1) } })).toEqual([['over']]);
    expect(await faultsOf({ holders, validity: { from: until(1), until: until(9) } })).toEqual([['not-yet']]);
    expect(await faultsOf({})).toEqual([['template-missing']]);
    const dark = holders.map((terms) => ({ ...terms, receives: ['postcode'] }));
    expect(await faultsOf({ holders: dark, subjectKey: 'postcode' })).toEqual([['template-unfit']]);
    const [last] = ownAgreements(
      mesh.holder('hmrc', await mesh.parties.agree({ holders, validity: { from: '2020-01-01', until: until(0) } })),
      now,
    );
    expect([last?.faults, last?.daysLeft]).toEqual([[], 1]);
  });
});
