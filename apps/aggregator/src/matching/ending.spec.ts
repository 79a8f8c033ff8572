import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SetAgreement } from '@anonymesh/protocol';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { until } from '../../../../tests/mesh/until.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { holders, sets } from '../fixtures/made-children.js';
import { expectSet, progressFrom, releaseFrom, tokensFrom, type MadeSetQuery } from '../fixtures/made-set.js';
import { readPosted, type Posted } from '../fixtures/read-posted.js';
import { startBroker } from '../fixtures/real-node.js';
import { openSetDesk, type SetDesk } from '../fixtures/set-desk.js';
import { ExplainController } from '../releasing/explain.controller.js';
import { findQuery } from '../store/queries.js';

let parties: Parties;
let nats: RunningNats;
let folder: string;
let desk: SetDesk;
beforeAll(async () => {
  parties = await makeParties({ holders });
  nats = await startBroker(parties);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-aggregator-'));
  desk = await openSetDesk(parties, nats, {
    store: { kind: 'embedded', file: join(folder, 'store.db') },
    spool: join(folder, 'spool'),
  });
  await desk.work();
}, 60_000);
afterAll(async () => {
  await desk.close();
  await nats.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await desk.node.courier.store.knex('outbox').delete();
});

const ask = async (change: Partial<SetAgreement>) => {
  const signed = await parties.agreeOnSets(change);
  desk.node.trust.agreements.set(signed.hash, signed);
  const made = await expectSet(parties, signed);
  await desk.take(made.letter);
  return made;
};
const send = async (made: MadeSetQuery, ...from: readonly string[]) => {
  for (const holder of from) await desk.take(...(await tokensFrom(made, holder, sets[holder] ?? [])));
};
const limits = (least: number, most: number) => ({ records: { most: 1000 }, matches: { least, most } });
const isDueNow = ({ queryId }: MadeSetQuery) =>
  desk.node.courier.store.knex('queries').where({ id: queryId }).update({ due: Date.now() });
const wordsTo = (posted: Posted, holder: string) => posted.matched(holder).map(({ body }) => body.word);
const forget = () => desk.node.courier.store.knex('outbox').delete();

describe('a set query', () => {
  it('with more matches of one holder than agreed releases nothing, and the holders are told why', async () => {
    for (const release of ['count', 'on-match', 'on-approval'] as const) {
      const made = await ask({ release, limits: limits(0, 1) });
      await send(made, ...holders);
      const posted = await desk.ended(made);
      expect(posted.outcomes()).toMatchObject([{ outcome: 'refer', code: 'too-many-matches', answered: 3 }]);
      expect(posted.outcomes()[0]).not.toHaveProperty('people');
      expect(await posted.records()).toEqual({ 'health-trust': [], police: [], schools: [] });
      for (const holder of holders) expect(wordsTo(posted, holder)).toEqual(['too-many']);
      await forget();
    }
  });

  it('with fewer people than agreed releases nothing, nor how many', async () => {
    for (const release of ['count', 'on-match', 'on-approval'] as const) {
      const made = await ask({ release, limits: limits(3, 100) });
      await send(made, ...holders);
      const posted = await desk.ended(made);
      expect(posted.outcomes()).toMatchObject([{ outcome: 'refer', code: 'too-few-matches', answered: 3 }]);
      for (const holder of holders) expect(wordsTo(posted, holder)).toEqual(['ended']);
      await forget();
    }
  });

  it('by at least two holders releases those that two have', async () => {
    const made = await ask({ combination: { atLeast: 2 } });
    await send(made, ...holders);
    const posted = await desk.ended(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'released', people: 3 }]);
    const records = await posted.records();
    expect(records['health-trust']?.map(({ note }) => note).sort()).toEqual(['h1', 'h2', 'h3']);
    expect(records.police?.map(({ note }) => note).sort()).toEqual(['p1', 'p2']);
    expect(records.schools?.map(({ note }) => note).sort()).toEqual(['s1', 's3', 's7']);
  });

  it('looks to coordinator and broker as any other of its agreement, however it ends', async () => {
    const sizes: unknown[] = [];
    const endings: ((made: MadeSetQuery) => Promise<void>)[] = [
      (made) => send(made, ...holders),
      (made) => desk.refuse(made, 'police', 'set-unfit'),
      async (made) => {
        await send(made, 'police');
        await isDueNow(made);
      },
      async (made) => {
        for (const holder of holders)
          await desk.take(...(await tokensFrom(made, holder, holder === 'police' ? [] : (sets[holder] ?? []))));
      },
    ];
    const codes: string[] = [];
    for (const end of endings) {
      const made = await ask({ release: 'on-match' });
      await end(made);
      const posted = await desk.ended(made);
      codes.push(...posted.outcomes().map(({ code, people = 'none' }) => `${code} ${people}`));
      // How often it is told how far a query is follows the clock, and a slow machine is told of more.
      const { 'mesh.coordinator.progress': _paced, ...others } = posted.sizes;
      sizes.push(others);
      await forget();
    }
    expect(codes).toEqual(['all-answered 2', 'set-unfit none', 'not-all-answered none', 'all-answered 0']);
    expect(sizes[0]).toMatchObject({ 'mesh.coordinator.matches': { length: 5 } });
    for (const each of sizes) expect(each).toEqual(sizes[0]);
  });

  it('ends at its deadline without the tokens of all', async () => {
    const made = await ask({ release: 'count' });
    await send(made, 'police', 'schools');
    expect(await desk.stage(made.queryId)).toBe('collecting');
    await isDueNow(made);
    const posted = await desk.ended(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'refer', code: 'not-all-answered', answered: 2 }]);
  });

  it('ends at its deadline without the approvals of all, and releases nothing', async () => {
    const made = await ask({ release: 'on-approval' });
    await send(made, ...holders);
    await desk.reaches(made.queryId, 'approving');
    await desk.take(await releaseFrom(made, 'police', [{ surname: 'Surname 1', note: 'p1' }]));
    await isDueNow(made);
    const posted = await desk.ended(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'refer', code: 'not-all-answered', answered: 1 }]);
    expect(await posted.records()).toEqual({ 'health-trust': [], police: [], schools: [] });
    for (const holder of holders) expect(wordsTo(posted, holder)).toEqual(['approve', 'ended']);
  });

  it('ends when a holder refuses, before it was expected too, whoever else has sent what', async () => {
    const signed = await parties.agreeOnSets({ release: 'count' });
    desk.node.trust.agreements.set(signed.hash, signed);
    const early = await expectSet(parties, signed);
    await desk.refuse(early, 'police');
    await desk.take(early.letter);
    const first = await desk.ended(early);
    expect(first.outcomes()).toMatchObject([{ outcome: 'refer', code: 'holder-refused', answered: 0 }]);
    await forget();
    const made = await ask({ release: 'on-approval' });
    await send(made, ...holders);
    await desk.reaches(made.queryId, 'approving');
    await desk.refuse(made, 'schools');
    const posted = await desk.ended(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'refer', code: 'holder-refused', answered: 2 }]);
  });

  it('tells how far all holders together are, and never who', async () => {
    const made = await ask({ release: 'count' });
    const { knex } = desk.node.courier.store;
    await knex('queries')
      .where({ id: made.queryId })
      .update({ expected_at: Date.now() - 5000 });
    await desk.take(
      await progressFrom(made, 'police', 'exchanging', 50),
      await progressFrom(made, 'schools', 'reading', 40),
    );
    // Out of order: it changes nothing.
    await desk.take(
      await progressFrom(made, 'police', 'reading', 99),
      await progressFrom(made, 'schools', 'reading', 10),
    );
    const told = (count: number) =>
      until('progress is told', async () => {
        const bodies = (await readPosted(desk.node, made)).progress();
        return bodies.length === count && bodies;
      });
    expect((await told(1)).at(-1)).toEqual({ answered: 0, set: { stage: 'reading', percent: 46 } });
    await send(made, 'schools');
    expect((await told(2)).at(-1)).toEqual({ answered: 1, set: { stage: 'reading', percent: 66 } });
    await desk.refuse(made, 'police');
    await desk.ended(made);
  });

  it('tells how far one is, though of others it cannot', async () => {
    const { knex } = desk.node.courier.store;
    const others = await Promise.all(Array.from({ length: 4 }, () => ask({ release: 'count' })));
    const made = await ask({ release: 'count' });
    const all = [...others, made];
    await knex('queries').update({ expected_at: Date.now() - 5000 });
    await knex.raw(
      `create trigger breaks before update of told on sets when new.query_id <> '${made.queryId}' ` +
        "begin select raise(abort, 'not now'); end",
    );
    for (const each of all) await desk.take(await progressFrom(each, 'police', 'exchanging', 50));
    await until('progress is told', async () => (await readPosted(desk.node, made)).progress().length === 1);
    const isLogged = ({ queryId }: MadeSetQuery) =>
      desk.node.lines.some((line) => line.includes('set-progress.not-told') && line.includes(queryId));
    await until('the others are tried', () => others.every(isLogged));
    await knex.raw('drop trigger breaks');
    for (const each of all) await desk.refuse(each, 'police');
    for (const each of all)
      await until('it has ended', async () => (await findQuery(knex, each.queryId))?.state === 'decided');
  });

  it('is explained to nobody', async () => {
    const made = await ask({ release: 'count' });
    await desk.refuse(made, 'police');
    await desk.ended(made);
    const explain = new ExplainController(desk.node);
    const coordinator = { id: 'coordinator', kind: 'coordinator', identity: parties.party('coordinator').identity.kid };
    const letter = { ...made.letter, from: coordinator } as never;
    await expect(desk.node.courier.transact((work) => explain.explain(letter, work))).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
