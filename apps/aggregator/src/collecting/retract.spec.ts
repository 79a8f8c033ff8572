import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { retract, type SetAgreement } from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeRetraction } from '../../../../tests/mesh/compose-retraction.js';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { until } from '../../../../tests/mesh/until.js';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { holders, sets } from '../fixtures/made-children.js';
import { answerOf, deliver, expectQuery } from '../fixtures/made-letters.js';
import { expectSet, tokensFrom } from '../fixtures/made-set.js';
import { readPosted } from '../fixtures/read-posted.js';
import { startBroker } from '../fixtures/real-node.js';
import { openSetDesk, type SetDesk } from '../fixtures/set-desk.js';
import { ExplainController } from '../releasing/explain.controller.js';
import { findQuery } from '../store/queries.js';

let parties: Parties;
let nats: RunningNats;
let folder: string;
let desk: SetDesk;
let signed: SignedAgreement<SetAgreement>;
beforeAll(async () => {
  parties = await makeParties({ holders, requesters: ['immigration', 'childrens-services'] });
  nats = await startBroker(parties);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-aggregator-'));
  signed = await parties.agreeOnSets();
  const place = { store: { kind: 'embedded', file: join(folder, 'store.db') }, spool: join(folder, 'spool') } as const;
  desk = await openSetDesk(parties, nats, { ...place, agreements: [signed] });
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

type Asked = { readonly letter: { readonly body: { readonly manifest: string } } };

/** As the coordinator passes it on. */
async function retraction({ letter }: Asked, { by = 'immigration', from = 'coordinator', change = {} } = {}) {
  const taken = await composeRetraction(letter.body.manifest, { id: by, signing: parties.party(by).signing }, change);
  return deliver(parties, retract, from, taken);
}
const stateOf = async (queryId: string) => (await findQuery(desk.node.courier.store.knex, queryId))?.state;
const toRequester = (subject: string) => subject === 'mesh.coordinator.outcome';
const outcomes = async () =>
  (await desk.node.courier.store.knex('outbox').pluck<string[]>('subject')).filter(toRequester);
const wordsOf = (queryId: string) => desk.node.courier.store.knex('words').where({ query_id: queryId });

async function said(queryId: string): Promise<object> {
  const { outcome } = (await findQuery(desk.node.courier.store.knex, queryId)) ?? {};
  const [, payload = ''] = outcome?.split('.') ?? [];
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { body: object }).body;
}

describe('a check that is taken back', () => {
  it('ends as `retracted`: what holders had said is dropped, and what they say later refused', async () => {
    const made = await expectQuery(parties);
    await desk.take(made.letter, await answerOf(parties, 'police', made.queryId));
    await desk.take(await retraction(made));
    expect(await said(made.queryId)).toMatchObject({
      outcome: 'retracted',
      code: 'retracted',
      answered: 0,
      holders: 3,
    });
    expect(await stateOf(made.queryId)).toBe('retracted');
    expect(await wordsOf(made.queryId)).toEqual([]);
    const late = desk.take(await answerOf(parties, 'schools', made.queryId));
    await expect(late).rejects.toMatchObject({ code: 'deadline-passed' });
    expect(await wordsOf(made.queryId)).toEqual([]);
    expect(await outcomes()).toHaveLength(1);
  });

  it('is not explained to anybody', async () => {
    const made = await expectQuery(parties);
    await desk.take(made.letter, await retraction(made));
    const { id, kind, identity } = parties.party('appeal-portal');
    const from = { id, kind, identity: identity.kid };
    const explain = new ExplainController(desk.node);
    const asking = desk.node.courier.transact((work) =>
      explain.explain({ queryId: made.queryId, from } as never, work),
    );
    await expect(asking).rejects.toMatchObject({ code: 'not-decided' });
  });

  it('twice is taken back once', async () => {
    const made = await expectQuery(parties);
    await desk.take(made.letter, await retraction(made), await retraction(made));
    expect(await outcomes()).toHaveLength(1);
  });

  it('before it was told of is not begun when it is', async () => {
    const made = await expectQuery(parties);
    await desk.take(await answerOf(parties, 'police', made.queryId));
    await desk.take(await retraction(made));
    expect(await said(made.queryId)).toMatchObject({ outcome: 'retracted' });
    await expect(desk.take(made.letter)).rejects.toMatchObject({ code: 'replayed' });
    expect(await stateOf(made.queryId)).toBe('retracted');
    expect(await wordsOf(made.queryId)).toEqual([]);
  });

  it('after it was decided stays as it was decided', async () => {
    const made = await expectQuery(parties);
    await desk.take(
      made.letter,
      ...(await Promise.all(holders.map((holder) => answerOf(parties, holder, made.queryId)))),
    );
    const decided = await said(made.queryId);
    await desk.take(await retraction(made));
    expect(await said(made.queryId)).toEqual(decided);
    expect(await stateOf(made.queryId)).toBe('decided');
    expect(await wordsOf(made.queryId)).toHaveLength(3);
    expect(await outcomes()).toHaveLength(1);
  });

  it.each(['first', 'last'])(
    'in one batch with the last answer has one outcome: the retraction comes %s',
    async (place) => {
      const made = await expectQuery(parties);
      const [one = '', ...others] = holders;
      await desk.take(
        made.letter,
        ...(await Promise.all(others.map((holder) => answerOf(parties, holder, made.queryId)))),
      );
      const answer = await answerOf(parties, one, made.queryId);
      // The courier makes a result of a refusal; here it ends the batch.
      if (place === 'first')
        await expect(desk.takeTogether([await retraction(made), answer])).rejects.toMatchObject({
          code: 'deadline-passed',
        });
      else await desk.takeTogether([answer, await retraction(made)]);
      expect((await outcomes()).length).toBe(place === 'first' ? 0 : 1);
      expect(await stateOf(made.queryId)).toBe(place === 'first' ? 'open' : 'retracted');
    },
  );

  it('in one batch with its beginning is over', async () => {
    const made = await expectQuery(parties);
    await desk.takeTogether([made.letter, await retraction(made)]);
    expect(await outcomes()).toHaveLength(1);
    expect(await said(made.queryId)).toMatchObject({ outcome: 'retracted' });
  });

  it.each<[string, string, (made: Asked) => ReturnType<typeof retraction>]>([
    ['by the coordinator', 'wrong-sender', (made) => retraction(made, { by: 'coordinator' })],
    ['by another requester', 'wrong-sender', (made) => retraction(made, { by: 'childrens-services' })],
    [
      'with a retraction of another query',
      'query-differs',
      (made) => retraction(made, { change: { queryId: '0'.repeat(32) } }),
    ],
  ])('%s goes on', async (_what, code, forged) => {
    const made = await expectQuery(parties);
    await desk.take(made.letter);
    await expect(desk.take(await forged(made))).rejects.toMatchObject({ code });
    expect(await stateOf(made.queryId)).toBe('open');
    expect(await outcomes()).toEqual([]);
  });

  it('by somebody else’s relay, or after its deadline, goes on', async () => {
    const made = await expectQuery(parties);
    await desk.take(made.letter);
    await expect(retraction(made, { from: 'police' })).rejects.toThrow('wrong-sender');
    const past = await expectQuery(parties, { issuedAt: Date.now() - 86_400_000 });
    await expect(desk.take(await retraction(past))).rejects.toMatchObject({ code: 'deadline-passed' });
    expect(await stateOf(past.queryId)).toBe(undefined);
  });
});

describe('a set query that is taken back', () => {
  it('ends as `retracted`, without letters: tokens are dropped from store and disk', async () => {
    const made = await expectSet(parties, signed);
    await desk.take(made.letter, ...(await tokensFrom(made, 'police', sets['police'] ?? [])));
    expect(await readdir(join(folder, 'spool'))).toContain(made.queryId);
    await desk.take(await retraction(made));
    await until('it has ended', async () => (await stateOf(made.queryId)) === 'retracted');
    const posted = await readPosted(desk.node, made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'retracted', code: 'retracted', answered: 0 }]);
    expect(posted.matches()).toEqual([]);
    expect(posted.matched('schools')).toEqual([]);
    const { knex } = desk.node.courier.store;
    for (const table of ['sets', 'set_holders', 'token_letters'])
      expect(await knex(table).where({ query_id: made.queryId })).toEqual([]);
    await until('nothing is on disk', async () => !(await readdir(join(folder, 'spool'))).includes(made.queryId));
    const [late] = await tokensFrom(made, 'schools', sets['schools'] ?? []);
    if (late === undefined) throw new Error('no tokens');
    await expect(desk.take(late)).rejects.toMatchObject({ code: 'deadline-passed' });
  });

  it('before it was told of is not begun', async () => {
    const made = await expectSet(parties, signed);
    await desk.take(await retraction(made));
    await expect(desk.take(made.letter)).rejects.toMatchObject({ code: 'replayed' });
    expect((await readPosted(desk.node, made)).outcomes()).toMatchObject([{ outcome: 'retracted' }]);
    expect(await desk.stage(made.queryId)).toBe(undefined);
  });

  it('when its end is decided goes on to that end', async () => {
    const made = await expectSet(parties, signed);
    await desk.take(made.letter);
    await desk.refuse(made, 'police');
    await desk.take(await retraction(made));
    const posted = await desk.ended(made);
    expect(posted.outcomes()).toMatchObject([{ outcome: 'refer', code: 'holder-refused' }]);
  });
});
