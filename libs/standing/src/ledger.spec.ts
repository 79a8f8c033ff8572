import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgreementNotice } from '@anonymesh/protocol';
import { migrate, openStore, type Store } from '@anonymesh/store';
import type { SignedAgreement } from '@anonymesh/trust';
import fc from 'fast-check';
import { makeParties, type Parties } from '../../../tests/mesh/make-parties.js';
import { aliveNotice, statusOf } from '../../../tests/mesh/statuses.js';
import { startPostgres, type PrivatePostgres } from '../../../tests/servers/postgres.js';
import { openIn } from './fixtures/open-ledger.js';
import { standingTables } from './index.js';

let parties: Parties;
let postgres: PrivatePostgres;
let folder: string;
let count = 0;
const opened: Store[] = [];

beforeAll(async () => {
  parties = await makeParties();
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-standing-'));
}, 120_000);
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true });
});

const places = {
  'an embedded file': async () => ({ kind: 'embedded', file: join(folder, `${++count}.db`) }) as const,
  PostgreSQL: async () => ({ kind: 'postgres', url: await freshDatabase(`standing${++count}`) }) as const,
};

async function freshDatabase(name: string): Promise<string> {
  const server = await openStore({ kind: 'postgres', url: postgres.url });
  await server.knex.raw(`create database ${name}`);
  await server.close();
  return postgres.url.replace(/postgres$/, name);
}

describe.each(Object.entries(places))('a ledger in %s', (_place, place) => {
  const open = async (self?: string, known?: readonly SignedAgreement[]) => {
    const store = await openStore(await place());
    opened.push(store);
    await migrate(store, standingTables);
    return openIn(store, parties.directory, self, known);
  };

  it('forgets a draft that is past, and nothing that it has signed', async () => {
    const [signed, draft, later] = [
      parties.agreement,
      await parties.agree({ id: 'draft' }, ['dwp']),
      await parties.agree({ id: 'later', validity: { from: '2026-01-01', until: '2036-01-02' } }, ['dwp']),
    ];
    const { ledger, take, agreements, store } = await open('hmrc');
    for (const each of [signed, draft, later])
      expect(await take(await aliveNotice(parties, each), 'dwp')).toMatchObject({ isNew: true });
    expect(await ledger.draftsBy(store.knex, 'dwp')).toBe(2);
    expect(await ledger.forgetDrafts(store.knex, Date.parse('2036-01-01T23:59:59Z'))).toBe(0);
    const other = await openIn(store, parties.directory, 'hmrc');
    expect(await ledger.forgetDrafts(store.knex, Date.parse('2036-01-02'))).toBe(1);
    expect([...agreements.keys()].sort()).toEqual([signed.hash, later.hash].sort());
    for (const [table, column] of [
      ['agreements', 'hash'],
      ['agreement_signatures', 'agreement'],
      ['agreement_statuses', 'agreement'],
    ] as const)
      expect(new Set(await store.knex(table).pluck(column))).toEqual(new Set([signed.hash, later.hash]));
    expect(await ledger.draftsBy(store.knex, 'dwp')).toBe(1);
    // Another copy of the node forgets what the first has erased, and learns it anew.
    expect(await other.ledger.forgetDrafts(store.knex, Date.parse('2036-01-02'))).toBe(1);
    expect(other.agreements.has(draft.hash)).toBe(false);
    expect(await take(await aliveNotice(parties, draft), 'council')).toMatchObject({ isNew: true });
    await other.ledger.refresh(store.knex);
    expect(other.agreements.has(draft.hash)).toBe(true);
    expect(await ledger.draftsBy(store.knex, 'council')).toBe(1);
  });

  it('keeps a past draft that another copy of it knows to be signed', async () => {
    const draft = await parties.agree({ id: 'draft' }, ['dwp']);
    const { ledger, take, agreements, store } = await open('hmrc');
    await take(await aliveNotice(parties, draft), 'dwp');
    const other = await openIn(store, parties.directory, 'hmrc');
    await other.take(await aliveNotice(parties, await parties.agree({ id: 'draft' }, ['hmrc'])));
    expect(await ledger.forgetDrafts(store.knex, Date.parse('2036-01-02'))).toBe(0);
    expect(agreements.has(draft.hash)).toBe(true);
  });

  it('counts for nobody what an older version kept, which did not say who brought it', async () => {
    const { ledger, take, store } = await open('hmrc');
    await take(await aliveNotice(parties, await parties.agree({ id: 'draft' }, ['dwp'])), 'dwp');
    await store.knex('agreements').update({ brought_by: null });
    expect(await ledger.draftsBy(store.knex, 'dwp')).toBe(0);
    expect(await ledger.forgetDrafts(store.knex, Date.parse('2036-01-02'))).toBe(1);
  });

  it('knows an agreement from a file or a notice, and runs it once all have signed and all are alive', async () => {
    const { agreement } = parties;
    const { hash } = agreement;
    const fromFile = await open('hmrc', [agreement]);
    expect(await fromFile.standing(hash)).toBe('waiting');
    const { ledger, take, standing } = await open('dwp');
    expect(await standing(hash)).toBe('unknown');
    const { statuses, ...said } = await aliveNotice(parties, agreement);
    const half = Object.fromEntries(Object.entries(said.signatures).slice(0, 3));
    expect(await take({ ...said, signatures: half, statuses: statuses.slice(0, 4) })).toMatchObject({ isNew: true });
    expect(await standing(hash)).toBe('unsigned');
    expect(await take({ ...said, statuses: [] })).toMatchObject({ isNew: true });
    expect(await standing(hash)).toBe('waiting');
    expect(await take({ ...said, signatures: half, statuses })).toMatchObject({ isNew: true, ended: [] });
    expect(await standing(hash)).toBe('in-force');
    expect(await take({ ...said, statuses })).toMatchObject({ isNew: false });
    expect(await standing(hash, Date.now() + 24 * 3_600_000)).toBe('waiting');
    const told = await ledger.notice(opened[1]?.knex ?? fail(), hash);
    expect(await fromFile.take(told ?? fail())).toMatchObject({ isNew: true });
    expect(await fromFile.standing(hash)).toBe('in-force');
  });

  it('knows it again after a restart, with a withdrawal that nothing undoes', async () => {
    const { agreement } = parties;
    const { hash } = agreement;
    const first = await open('hmrc', [agreement]);
    const said = await aliveNotice(parties, agreement);
    await first.take(said);
    expect(await first.standing(hash)).toBe('in-force');
    const withdrawn = await statusOf(parties, 'council', hash, { state: 'withdrawn', sequence: 1, byIdentity: true });
    expect(await first.take({ ...said, statuses: [withdrawn] })).toMatchObject({ isNew: true, ended: [hash] });
    expect(await first.take({ ...said, statuses: [await statusOf(parties, 'council', hash)] })).toMatchObject({
      isNew: false,
      ended: [hash],
    });
    const again = await openIn(first.store, parties.directory, 'hmrc', [agreement]);
    await again.take(said);
    expect(await again.standing(hash)).toBe('withdrawn');
    const fresh = await open('dwp');
    expect(await fresh.take((await again.ledger.notice(first.store.knex, hash)) ?? fail())).toMatchObject({
      isNew: true,
    });
    expect(await fresh.standing(hash)).toBe('withdrawn');
  });

  it('is one for all copies of a node', async () => {
    const { agreement } = parties;
    const { hash } = agreement;
    const one = await open('hmrc', [agreement]);
    await one.take(await aliveNotice(parties, agreement));
    const other = await openIn(one.store, parties.directory);
    expect(await other.standing(hash)).toBe('in-force');
    const next = await parties.agree({ version: 2 });
    await one.take(await aliveNotice(parties, next));
    await other.ledger.refresh(one.store.knex);
    expect([await other.standing(hash), await other.standing(next.hash)]).toEqual(['superseded', 'in-force']);
    await other.take({
      ...(await aliveNotice(parties, next)),
      statuses: [await statusOf(parties, 'dwp', next.hash, { state: 'withdrawn' })],
    });
    expect(await one.standing(next.hash)).toBe('withdrawn');
    expect(await one.standing(hash)).toBe('superseded');
  });

  it('tells of the versions that a newer one ends, however it comes to be signed', async () => {
    const { agreement } = parties;
    const node = await open('hmrc', [agreement]);
    const next = await parties.agree({ version: 2 });
    const [last = '', ...others] = Object.keys(next.signatures);
    const partly = Object.fromEntries(others.map((id) => [id, next.signatures[id] ?? '']));
    expect(await node.take({ agreement: next.content, signatures: partly, statuses: [] })).toMatchObject({ ended: [] });
    const rest = { [last]: next.signatures[last] ?? '' };
    expect(await node.take({ agreement: next.content, signatures: rest, statuses: [] })).toMatchObject({
      ended: [agreement.hash],
    });
  });

  it('comes to the same, in whatever order and however often notices come', async () => {
    const [one, two] = [parties.agreement, await parties.agree({ version: 2 })];
    const [early, late] = [Date.now() - 3_600_000, Date.now()];
    const partsOf = async (signed: SignedAgreement): Promise<AgreementNotice[]> => {
      const body = { agreement: signed.content };
      const first = Object.entries(signed.signatures)[0] ?? fail();
      const ids = signed.content.parties.map(({ id }) => id);
      const said = ids.flatMap((id) => [early, late].map((at) => statusOf(parties, id, signed.hash, { at })));
      return [
        ...Object.entries(signed.signatures).map(([id, jws]) => ({ ...body, signatures: { [id]: jws }, statuses: [] })),
        ...(await Promise.all(said)).map((status) => ({
          ...body,
          signatures: { [first[0]]: first[1] },
          statuses: [status],
        })),
      ];
    };
    const withdrawal: AgreementNotice = {
      agreement: one.content,
      signatures: one.signatures,
      statuses: [await statusOf(parties, 'dwp', one.hash, { state: 'withdrawn', at: early })],
    };
    const [ofOne, ofTwo] = [await partsOf(one), await partsOf(two)];
    const all = [...ofOne, ...ofTwo, withdrawal];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...all, ...all.slice(5, 25)], { minLength: all.length + 20, maxLength: all.length + 20 }),
        async (order) => {
          const node = await open('hmrc');
          for (const each of order) expect(typeof (await node.take(each))).toBe('object');
          expect([await node.standing(one.hash), await node.standing(two.hash)]).toEqual(['withdrawn', 'in-force']);
          const statuses = (await node.ledger.notice(node.store.knex, two.hash))?.statuses ?? [];
          expect(new Set(statuses)).toEqual(
            new Set(ofTwo.flatMap((each) => each.statuses).filter((_, at) => at % 2 === 1)),
          );
          await opened.pop()?.close();
        },
      ),
      { numRuns: 4 },
    );
  });
});

function fail(): never {
  throw new Error('there is nothing');
}
