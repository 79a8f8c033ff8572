import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { progress, relayOutcome, type SetStage } from '@anonymesh/protocol';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { composeQuery, letterOf, sealOutcome, type OutcomeOptions } from '../fixtures/paper-query.js';
import { paperCoordinator, serveRequester } from '../fixtures/serve-requester.js';
import { embeddedStore, type TemporaryStore } from '../fixtures/temporary-stores.js';
import { until } from '../../../../tests/mesh/until.js';
import { findQuery, insertQuery, type Query } from '../store/queries.js';

let parties: Parties;
let temporary: TemporaryStore;
let requester: Awaited<ReturnType<typeof serveRequester>>;
let query: Query;

beforeAll(async () => {
  parties = await makeParties();
});
beforeEach(async () => {
  temporary = await embeddedStore();
  requester = await serveRequester(parties, temporary.store, paperCoordinator(parties));
  query = await keep();
});
afterEach(async () => {
  await requester.close();
  await temporary.remove();
});

async function keep(changed: Partial<Query> = {}): Promise<Query> {
  const made = await composeQuery(parties);
  const kept: Query = { ...made, state: 'waiting', admitted: true, ask_at: null, ...changed };
  await insertQuery(temporary.store.knex, kept);
  return kept;
}

async function get(path: string, claims: Record<string, unknown> = {}) {
  const headers = { authorization: `Bearer ${await requester.token(claims)}` };
  const answer = await fetch(`${requester.url}${path}`, { headers });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

const show = (id: string, claims?: Record<string, unknown>) => get(`/api/v1/queries/${id}`, claims);

const tell = (answered: number, from = 'coordinator', set?: { stage: SetStage; percent: number }) => {
  const body = { answered, ...(set === undefined ? {} : { set }) };
  return requester.receive('progress', letterOf(progress, query.id, body, parties.party(from)) as never);
};

const decide = async (options: OutcomeOptions = {}, from = 'coordinator', about = query) => {
  const body = { sealed: await sealOutcome(parties, query, options) };
  return requester.receive('outcome', letterOf(relayOutcome, about.id, body, parties.party(from)) as never);
};

/** Opens the events of a query, and reads on until there are as many as asked for. */
async function follow(id: string, claims: Record<string, unknown> = {}) {
  const gone = new AbortController();
  const headers = { authorization: `Bearer ${await requester.token(claims)}` };
  const answer = await fetch(`${requester.url}/api/v1/queries/${id}/events`, { headers, signal: gone.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let ended = false;
  const parse = () =>
    text.split('\n\n').flatMap((block) => /event: (\w+)\ndata: (.+)$/s.exec(block)?.slice(1, 3) ?? []);
  const events = () => {
    const parts = parse();
    return parts.flatMap((event, index) =>
      index % 2 === 0 ? [{ event, data: JSON.parse(parts[index + 1] ?? '') }] : [],
    );
  };
  const more = async () => {
    const { done, value } = (await reader?.read()) ?? { done: true, value: '' };
    ended = done;
    text += value ?? '';
  };
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    until: async (count: number) => {
      while (events().length < count && !ended) await more();
      return events();
    },
    end: async () => {
      while (!ended) await more();
      return events();
    },
    leave: () => gone.abort(),
  };
}

describe('a caseworker who follows a query', () => {
  it('sees how many have answered, and in the end one word', async () => {
    const deadline = new Date(query.deadline).toISOString();
    expect((await show(query.id)).body).toEqual({
      queryId: query.id,
      kind: 'check',
      state: 'waiting',
      answered: 0,
      holders: 3,
      deadline,
    });
    await tell(2);
    await tell(1);
    expect((await show(query.id)).body).toMatchObject({ state: 'waiting', answered: 2 });
    await decide({ outcome: 'concern' });
    const decided = { state: 'decided', answered: 3, outcome: 'concern', code: 'all-answered' };
    const { endedAt, ...rest } = (await show(query.id)).body;
    expect(rest).toEqual({ queryId: query.id, kind: 'check', holders: 3, deadline, ...decided });
    expect(Math.abs(Date.parse(endedAt) - Date.now())).toBeLessThan(10_000);
  });

  it('sees `refer` when the deadline passes, and nothing that comes later', async () => {
    query = await keep({ deadline: Date.now() - 1 });
    const endedAt = new Date(query.deadline).toISOString();
    const late = { state: 'decided', outcome: 'refer', code: 'no-outcome-in-time', endedAt };
    expect((await show(query.id)).body).toMatchObject(late);
    await decide();
    expect((await show(query.id)).body).toMatchObject(late);
    await until(
      'the query has ended',
      async () => (await findQuery(temporary.store.knex, query.id))?.state === 'decided',
    );
  });

  it('follows ten at once and no more, until one of them ends; others follow theirs', async () => {
    const streams = await Promise.all(Array.from({ length: 10 }, () => follow(query.id)));
    expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
    const events = `/api/v1/queries/${query.id}/events`;
    expect(await get(events)).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    // Of the account, not of the query; to another it does not exist.
    expect((await get(events, { sub: 'user-2' })).status).toBe(404);
    streams[0]?.leave();
    const next = await until('there is room again', async () => {
      const another = await follow(query.id);
      return another.status === 200 && another;
    });
    await decide();
    await next.end();
    for (const each of streams.slice(1)) await each.end();
    expect((await follow(query.id)).status).toBe(200);
  });

  it('is the one who asked: to anybody else the query does not exist', async () => {
    for (const path of [query.id, `${query.id}/events`]) {
      const others = await show(path, { sub: 'user-2' });
      const unknown = await show(path.replace(query.id, 'f'.repeat(32)));
      expect([others.status, others.body]).toEqual([404, unknown.body]);
    }
    expect((await show('not-an-id')).status).toBe(404);
    expect((await get('/api/v1/queries', { sub: 'user-2' })).body).toEqual({ queries: [] });
  });

  it('lists queries newest first, in pages, without anything about a person', async () => {
    for (let index = 1; index <= 51; index += 1) {
      const id = index.toString(16).padStart(32, '0');
      await insertQuery(temporary.store.knex, { ...query, id, asked_at: query.asked_at - index, t: 1 });
    }
    const first = await get('/api/v1/queries');
    expect(first.body.queries).toHaveLength(50);
    expect(first.body.queries[0]).toMatchObject({ queryId: query.id, agreement: 'right-to-remain', recheck: false });
    const second = await get(`/api/v1/queries?before=${first.body.next}`);
    expect(second.body.queries.map(({ queryId }: Query & { queryId: string }) => Number(`0x${queryId}`))).toEqual([
      50, 51,
    ]);
    expect(second.body.next).toBeUndefined();
    expect(JSON.stringify(first.body)).not.toMatch(/AB123456C|okafor/);
    expect(JSON.stringify(first.body)).not.toContain(query.reference);
    expect((await get('/api/v1/queries?before=x')).status).toBe(400);
    expect((await get(`/api/v1/queries?before=${'f'.repeat(32)}`)).status).toBe(404);
  });
});

describe('the events of a query', () => {
  it('begin with how it stands, tell each change, and end with the outcome', async () => {
    const stream = await follow(query.id);
    expect([stream.status, stream.type]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(await stream.until(1)).toMatchObject([{ event: 'progress', data: { answered: 0 } }]);
    await tell(1);
    expect(await stream.until(2)).toMatchObject([{}, { event: 'progress', data: { answered: 1 } }]);
    await decide();
    const events = await stream.end();
    expect(events.at(-1)).toMatchObject({ event: 'outcome', data: { state: 'decided', outcome: 'clear' } });
    expect(events).toHaveLength(3);
  });

  it('tell each stage of a set query, and each percentage of it', async () => {
    query = await keep({ kind: 'set' });
    const stream = await follow(query.id);
    await stream.until(1);
    const places = [
      { stage: 'reading', percent: 0 },
      { stage: 'reading', percent: 50 },
      { stage: 'exchanging', percent: 50 },
    ] as const;
    for (const [index, set] of places.entries()) {
      await tell(0, 'coordinator', set);
      expect((await stream.until(index + 2)).at(-1)).toMatchObject({ event: 'progress', data: { progress: set } });
    }
    stream.leave();
  });

  it('are one when the query has ended', async () => {
    await decide();
    expect(await (await follow(query.id)).end()).toMatchObject([{ event: 'outcome', data: { outcome: 'clear' } }]);
  });

  it('end at the deadline', async () => {
    query = await keep({ deadline: Date.now() + 300 });
    const events = await (await follow(query.id)).end();
    expect(events.at(-1)).toMatchObject({ event: 'outcome', data: { code: 'no-outcome-in-time' } });
  });

  it('do not outlast the token', async () => {
    const stream = await follow(query.id, { exp: Math.floor(Date.now() / 1000) - 10 });
    expect(await stream.end()).toEqual([]);
  });

  it('may be left at any time', async () => {
    const stream = await follow(query.id);
    await stream.until(1);
    stream.leave();
    await tell(1);
    expect((await show(query.id)).body.answered).toBe(1);
  });
});

describe('a letter is refused and changes nothing when', () => {
  afterEach(async () => {
    expect(await findQuery(temporary.store.knex, query.id)).toEqual(query);
  });

  it('it is about no query of ours', async () => {
    const about = { ...query, id: '0'.repeat(32) };
    await expect(decide({}, 'coordinator', about)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('somebody else than the coordinator of the agreement relays it', async () => {
    await expect(decide({}, 'aggregator')).rejects.toMatchObject({ code: 'key-not-pinned' });
    await expect(tell(3, 'hmrc')).rejects.toMatchObject({ code: 'key-not-pinned' });
  });

  it('it holds the outcome of another query', async () => {
    const other = await keep();
    await expect(decide({}, 'coordinator', other)).rejects.toMatchObject({ code: 'malformed' });
    await expect(decide({ queryId: other.id })).rejects.toMatchObject({ code: 'query-differs' });
  });

  it('the coordinator wrote the outcome itself', async () => {
    await expect(decide({ signer: parties.party('coordinator') })).rejects.toMatchObject({ code: 'wrong-sender' });
  });
});

describe('the first outcome', () => {
  it('stands, whether the same or another one is relayed again', async () => {
    await decide({ outcome: 'concern' });
    const ended = await findQuery(temporary.store.knex, query.id);
    await decide({ outcome: 'concern' });
    await decide({ outcome: 'clear' });
    await tell(3);
    expect(await findQuery(temporary.store.knex, query.id)).toEqual(ended);
  });
});
