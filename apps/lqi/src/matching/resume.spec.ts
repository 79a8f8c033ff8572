import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../tests/mesh/until.js';
import { startPostgres, type PrivatePostgres } from '../../../../tests/servers/postgres.js';
import { child } from '../fixtures/set-mesh.js';
import { startTown, type Town } from '../fixtures/town.js';
import type { SetQuery } from '../store/set-queries.js';

let town: Town;
let postgres: PrivatePostgres;
beforeAll(async () => {
  postgres = await startPostgres();
  town = await startTown({ schools: { store: { kind: 'postgres', url: postgres.url } } });
}, 60_000);
afterAll(async () => {
  await town.sets.stop();
  await postgres.stop();
});

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const children = (numbers: readonly number[]) => numbers.map((n) => ({ ...child(n, 'listed') }));

/** Ends the holder's node once its query is that far, and starts another one on what it left. */
async function restart(id: string, queryId: string, isThere: (row: SetQuery) => boolean): Promise<void> {
  await until(`${id} is there`, async () => {
    const row = await town.row(id, queryId);
    return row !== undefined && isThere(row);
  });
  await town.nodes.get(id)?.close();
  await town.start(id);
}

/** Moments at which a holder can be ended. */
const moments: readonly [string, (row: SetQuery) => boolean][] = [
  ['has taken it up', () => true],
  ['has read its set', ({ reading }) => reading !== null],
  ['has sent its list', ({ sent }) => sent > 0],
  ['has told of its records', ({ told }) => told > 0],
];

describe.each(['health-trust', 'schools'])('%s, ended and started again', (id) => {
  it.each(moments)('when it %s, goes on from there, and the result is the same', async (_what, isThere) => {
    town.lists.set('health-trust', children(range(0, 40)));
    town.lists.set('police', children(range(10, 60)));
    town.lists.set('schools', children(range(30, 90)));
    const agreement = await town.mesh.agree({ release: 'on-match' });
    const queryId = await town.ask(agreement);
    await restart(id, queryId, isThere);
    const { people, opened } = await town.combined(agreement, queryId);
    expect([people, opened.length]).toEqual([10, 30]);
  });

  it('before anything of it came, takes up what waited for it', async () => {
    town.lists.set('health-trust', children(range(0, 4)));
    town.lists.set('police', children(range(2, 6)));
    town.lists.set('schools', children(range(3, 7)));
    await town.nodes.get(id)?.close();
    const agreement = await town.mesh.agree({ release: 'count' });
    const queryId = await town.ask(agreement);
    await until('the police has begun', async () => ((await town.row('police', queryId))?.sent ?? 0) > 0);
    await town.start(id);
    expect((await town.combined(agreement, queryId)).people).toBe(1);
  });
});

/** Changes of the store at which a holder can fail, as SQLite's triggers say it. */
const changes: readonly [string, string][] = [
  ['its set was read', 'update of reading on set_queries when new.reading is not null'],
  ['its first chunk leaves', 'update of sent on set_queries when new.sent = 1'],
  ['a chunk is passed on or taken back', 'update of bytes on chunks when new.bytes is null'],
  ['its first tokens leave', 'update of told on set_queries when old.told = 0 and new.told > 0'],
  ['its second tokens leave', 'update of told on set_queries when old.told > 0'],
];

describe('a holder whose store fails', () => {
  it.each(changes)('when %s, has done nothing of that step, and does it once later', async (_what, change) => {
    const many = Array.from({ length: 900 }, (_, n) => ({ ...child(n, 'listed') }));
    town.lists.set('health-trust', many);
    town.lists.set('police', many.slice(890));
    const limits = { records: { most: 1000 }, matches: { least: 0, most: 100 } };
    const agreement = await town.mesh.agree({ limits }, ['health-trust', 'police']);
    const knex = () => town.nodes.get('health-trust')?.lqi.node.courier.store.knex;
    await knex()?.raw(`create trigger fails before ${change} begin select raise(abort, 'not now'); end`);
    const queryId = await town.ask(agreement);
    const failed = (line: string) => line.includes('set.failed') && line.includes(queryId);
    await until('it has failed', () => town.nodes.get('health-trust')?.lines.some(failed));
    await knex()?.raw('drop trigger fails');
    await town.nodes.get('health-trust')?.close();
    await town.start('health-trust');
    const { people, opened } = await town.combined(agreement, queryId);
    expect([people, opened.length]).toEqual([10, 20]);
    const firsts = town
      .heard(queryId, 'tokens')
      .filter(({ from }) => from.id === 'health-trust')
      .map(({ body }) => (body as { first: number }).first);
    expect(firsts.length).toBeGreaterThan(1);
    expect(new Set(firsts).size).toBe(firsts.length);
  });
});
