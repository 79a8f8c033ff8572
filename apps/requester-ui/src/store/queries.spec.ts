import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '@anonymesh/store';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { composeQuery } from '../fixtures/paper-query.js';
import { embeddedStore, postgresStore, type TemporaryStore } from '../fixtures/temporary-stores.js';
import { putOff, takeDue } from './due.js';
import {
  endOverdue,
  eraseExpired,
  findQuery,
  findQueryOf,
  insertQuery,
  listQueries,
  lockChain,
  saveAdmitted,
  saveOutcome,
  saveProgress,
  saveRefused,
  type Ending,
  type Query,
} from './queries.js';

const clear: Ending = { answered: 3, outcome: 'clear', code: 'all-answered', people: null, outcome_signed: 'a.b.c' };

let parties: Parties;
let template: Query;
beforeAll(async () => {
  parties = await makeParties();
  template = await composeQuery(parties);
});

describe.each([
  ['embedded', embeddedStore],
  ['postgres', postgresStore],
] as const)('the requester’s queries on the %s store', (_kind, open) => {
  let temporary: TemporaryStore;
  let store: Store;
  beforeAll(async () => {
    temporary = await open();
    store = temporary.store;
  }, 60_000);
  afterAll(() => temporary.remove());
  beforeEach(() => store.knex('queries').delete());

  let made = 0;
  async function keep(changed: Partial<Query> = {}): Promise<Query> {
    made += 1;
    const query = { ...template, id: made.toString(16).padStart(32, '0'), ...changed };
    await insertQuery(store.knex, query);
    return query;
  }
  const read = (id: string) => findQuery(store.knex, id);

  it('are read as they were written', async () => {
    const query = await keep();
    expect(await read(query.id)).toEqual(query);
    expect(await read('f'.repeat(32))).toBeUndefined();
  });

  it('that ended before an update are taken over, without when that was', async () => {
    const before = await open();
    const { knex } = before.store;
    await knex.raw('alter table queries drop column ended_at');
    await knex('migrations').where({ name: 'requester-2' }).delete();
    const { ended_at: _, ...query } = { ...template, ...clear, state: 'decided' };
    await knex('queries').insert(query);
    const after = await before.reopen();
    expect(await findQuery(after.knex, query.id)).toEqual({ ...query, ended_at: null });
    await before.remove();
  });

  it('are found by nobody but who asked them', async () => {
    const query = await keep({ asker: 'ann' });
    expect((await findQueryOf(store.knex, 'ann', query.id))?.id).toBe(query.id);
    expect(await findQueryOf(store.knex, 'bob', query.id)).toBeUndefined();
  });

  it('are listed newest first, a page at a time, also those of one millisecond', async () => {
    const times = [1000, 3000, 2000, 2000, 2000];
    for (const asked_at of times) await keep({ asker: 'ann', asked_at });
    await keep({ asker: 'bob', asked_at: 2000 });
    const seen: Query[] = [];
    for (let page = 0; page < 4; page += 1) seen.push(...(await listQueries(store.knex, 'ann', seen.at(-1), 2)));
    expect(seen.map(({ asked_at }) => asked_at)).toEqual([3000, 2000, 2000, 2000, 1000]);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(5);
  });

  it('wait once they are admitted, and keep nothing of the letter', async () => {
    const { id } = await keep();
    expect(await saveAdmitted(store.knex, id)).toBe(true);
    expect(await saveAdmitted(store.knex, id)).toBe(false);
    expect(await read(id)).toMatchObject({ state: 'waiting', admitted: true, parts: null, slip: null, ask_at: null });
  });

  it('end with what ends them first', async () => {
    const now = Date.now();
    const { id } = await keep();
    expect(await saveOutcome(store.knex, id, clear, now)).toBe(true);
    expect(await saveOutcome(store.knex, id, { ...clear, outcome: 'concern' }, now)).toBe(false);
    expect(await saveAdmitted(store.knex, id)).toBe(false);
    expect(await saveRefused(store.knex, id, 'lookup-taken', now)).toBe(false);
    expect(await endOverdue(store.knex, now + 10 ** 9)).toEqual([]);
    expect(await read(id)).toMatchObject({ ...clear, state: 'decided', parts: null, slip: null, ended_at: now });
    const refused = await keep();
    expect(await saveRefused(store.knex, refused.id, 'lookup-taken', now)).toBe(true);
    expect(await saveOutcome(store.knex, refused.id, clear, now)).toBe(false);
    const ended = { state: 'refused', code: 'lookup-taken', outcome: null, ended_at: now };
    expect(await read(refused.id)).toMatchObject(ended);
  });

  it('end at their deadline, after which no outcome counts', async () => {
    const { id } = await keep({ deadline: 5000 });
    const waiting = await keep({ deadline: 7001, state: 'waiting' });
    expect(await saveOutcome(store.knex, id, clear, 5000)).toBe(false);
    expect(await endOverdue(store.knex, 7000)).toEqual([id]);
    expect(await read(id)).toMatchObject({
      state: 'decided',
      outcome: 'refer',
      code: 'no-outcome-in-time',
      slip: null,
      ended_at: 5000,
    });
    expect(await read(waiting.id)).toMatchObject({ state: 'waiting', ended_at: null });
  });

  it('keep how far they are, only while they are open', async () => {
    const { id } = await keep();
    const advance = { answered: 2, stage: 'reading', percent: 40 } as const;
    expect(await saveProgress(store.knex, id, advance)).toBe(true);
    expect(await read(id)).toMatchObject({ ...advance, admitted: true });
    await saveRefused(store.knex, id, 'lookup-taken', Date.now());
    expect(await saveProgress(store.knex, id, { ...advance, answered: 3 })).toBe(false);
  });

  it('are asked in turn, by one copy at a time, until they are admitted', async () => {
    const first = await keep({ ask_at: 1000 });
    const second = await keep({ ask_at: 2000 });
    await keep({ ask_at: null, state: 'waiting' });
    await keep({ ask_at: 9000 });
    const other = await temporary.reopen();
    const taken = (await Promise.all([takeDue(store, 2000, 1), takeDue(other, 2000, 1)])).flat();
    expect(taken.map(({ id }) => id).sort()).toEqual([first.id, second.id]);
    expect(await takeDue(store, 2000, 9)).toEqual([]);
    // What a killed process had taken comes up again.
    expect((await takeDue(store, 2000 + 3_600_000, 9)).map(({ attempts }) => attempts)).toEqual([0, 1, 1]);
  });

  it('are put off for longer each time, to a minute at most', async () => {
    const waits: number[] = [];
    for (const attempts of [0, 1, 5, 6, 1000]) {
      const query = await keep({ attempts });
      await putOff(store, query, 10_000);
      waits.push(Number((await read(query.id))?.ask_at) - 10_000);
    }
    expect(waits).toEqual([1000, 2000, 32_000, 60_000, 60_000]);
  });

  it('are found by their reference, and erased when they have been kept for as long as was agreed', async () => {
    await keep({ reference: 'one', t: 1, kept_until: 100 });
    await keep({ reference: 'one', t: 0, kept_until: 99 });
    await keep({ reference: 'two', kept_until: 101 });
    const chain = () => store.knex.transaction((transaction) => lockChain(transaction, 'one'));
    expect((await chain()).map(({ t }) => t)).toEqual([0, 1]);
    expect(await eraseExpired(store.knex, 100)).toBe(2);
    expect(await chain()).toEqual([]);
  });
});
