import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { relayRecheck, verifyManifest } from '@anonymesh/protocol';
import { lookupIdOf, seedOf } from '@anonymesh/protocol-asking';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { composeQuery, letterOf, sealWish, type WishOptions } from '../fixtures/paper-query.js';
import { paperCoordinator, serveRequester, type PaperCoordinator } from '../fixtures/serve-requester.js';
import { embeddedStore, type TemporaryStore } from '../fixtures/temporary-stores.js';
import { until } from '../../../../tests/mesh/until.js';
import { insertQuery, type Query } from '../store/queries.js';

let parties: Parties;
let temporary: TemporaryStore;
let coordinator: PaperCoordinator;
let requester: Awaited<ReturnType<typeof serveRequester>>;
let query: Query;

beforeAll(async () => {
  parties = await makeParties();
});
beforeEach(async () => {
  temporary = await embeddedStore();
  coordinator = paperCoordinator(parties);
  requester = await serveRequester(parties, temporary.store, coordinator);
  query = await keep({ state: 'decided', outcome: 'concern', code: 'all-answered' });
});
afterEach(async () => {
  await requester.close();
  await temporary.remove();
});

async function keep(changed: Partial<Query>): Promise<Query> {
  const made = await composeQuery(parties);
  const kept: Query = { ...made, admitted: true, ask_at: null, ...changed };
  await insertQuery(temporary.store.knex, kept);
  return kept;
}

const relay = (sealed: string, { about = query.id, from = 'coordinator', to = 'immigration' } = {}) =>
  requester.receive('recheck', letterOf(relayRecheck, about, { requester: to, sealed }, parties.party(from)) as never);

const wish = async (options: WishOptions = {}) => relay(await sealWish(parties, query, options));
const chain = (): Promise<Query[]> => temporary.store.knex<Query>('queries').orderBy('t');
const seen = async (id: string): Promise<Query | undefined> => (await chain()).find((each) => each.id === id);

describe('a subject’s wish', () => {
  it('makes us ask the same again under the same reference, with the next number', async () => {
    await wish();
    const [, again] = (await chain()) as [Query, Query];
    const { reference, role, asker, fields, agreement } = query;
    expect(again).toMatchObject({ t: 1, reference, role, asker, fields, agreement });
    await until('the query is admitted', async () => (await seen(again.id))?.state === 'waiting');
    expect(coordinator.heard.map(({ id }) => id)).toEqual([again.id]);
    const verified = verifyManifest(again.manifest, (kid) => parties.directory.signer(kid, Date.now()));
    const lookupId = lookupIdOf(await seedOf(reference ?? ''), 1);
    expect(verified).toMatchObject({ queryId: again.id, manifest: { lookupId, role } });
  });

  it('is followed once, however often it is relayed', async () => {
    const sealed = await sealWish(parties, query);
    await relay(sealed);
    await expect(relay(sealed)).rejects.toMatchObject({ code: 'replayed' });
    await expect(wish()).rejects.toMatchObject({ code: 'not-decided' });
    const [, again] = (await chain()) as [Query, Query];
    await until('the query is admitted', async () => (await seen(again.id))?.state === 'waiting');
    await temporary.store.knex<Query>('queries').where({ id: again.id }).update({ state: 'decided' });
    await expect(relay(sealed)).rejects.toMatchObject({ code: 'replayed' });
    await expect(wish()).rejects.toMatchObject({ code: 'query-differs' });
    expect(await chain()).toHaveLength(2);
  });
});

describe('a re-check that the mesh refuses', () => {
  beforeEach(async () => {
    coordinator.says = 'agreement-not-in-force';
  });
  const refused = async () => {
    const [, again] = await until('it is refused', async () => {
      const all = await chain();
      return all[1]?.state === 'refused' && all;
    });
    return again as Query;
  };

  it('keeps nothing of the person but the reference, by which a wish is known that was followed', async () => {
    const sealed = await sealWish(parties, query);
    await relay(sealed);
    const again = await refused();
    expect(again).toMatchObject({ t: 1, reference: query.reference, fields: '{}', manifest: '' });
    await expect(relay(sealed)).rejects.toMatchObject({ code: 'replayed' });
  });

  it('leaves its number to the next', async () => {
    await wish();
    await refused();
    coordinator.says = 'admitted';
    await wish();
    const numbers = async () => (await chain()).map(({ t, state }) => [t, state]);
    await until('the next is admitted', async () => (await numbers()).some(([, state]) => state === 'waiting'));
    expect((await numbers()).sort()).toEqual([
      [0, 'decided'],
      [1, 'refused'],
      [1, 'waiting'],
    ]);
  });

  it('cannot be wished for itself, since nobody is asked about in it', async () => {
    await wish();
    const again = await refused();
    const sealed = await sealWish(parties, again);
    await expect(relay(sealed, { about: again.id })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a wish is refused, and nobody asked, when', () => {
  afterEach(async () => {
    expect(coordinator.heard.map(({ id }) => id)).toEqual([]);
    expect((await chain()).filter(({ t }) => t > 0)).toEqual([]);
  });

  it('the query has not ended', async () => {
    query = await keep({ state: 'waiting' });
    await expect(wish()).rejects.toMatchObject({ code: 'not-decided' });
  });

  it('it is not the portal’s', async () => {
    await expect(wish({ signer: parties.party('coordinator') })).rejects.toMatchObject({ code: 'wrong-sender' });
  });

  it('it is about another query than the relay says', async () => {
    const other = await keep({ state: 'decided' });
    await expect(relay(await sealWish(parties, query), { about: other.id })).rejects.toMatchObject({
      code: 'malformed',
    });
    await expect(wish({ queryId: other.id })).rejects.toMatchObject({ code: 'query-differs' });
    await expect(relay(await sealWish(parties, query), { about: '0'.repeat(32) })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it.each([{ message: 'outcome' }, { from: 'coordinator' }, { to: 'hmrc' }, { query: '0'.repeat(32) }])(
    'it was sealed for something else: %j',
    async (context) => {
      await expect(wish({ context })).rejects.toMatchObject({ code: 'malformed' });
    },
  );

  it('somebody else than the coordinator relays it, or to somebody else', async () => {
    await expect(relay(await sealWish(parties, query), { from: 'appeal-portal' })).rejects.toMatchObject({
      code: 'key-not-pinned',
    });
    await expect(relay(await sealWish(parties, query), { to: 'other' })).rejects.toMatchObject({ code: 'not-for-you' });
  });
});
