import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { QueryId } from '@anonymesh/protocol';
import { until } from '../../../../../tests/mesh/until.js';
import { child, type SignedSet } from '../../fixtures/set-mesh.js';
import { startTown, type Town } from '../../fixtures/town.js';
import { eraseExpired } from '../../store/erase-expired.js';

let town: Town;
const both = ['health-trust', 'police'];
beforeAll(async () => {
  town = await startTown();
  list('health-trust', 1, 60);
}, 60_000);
afterAll(() => town.sets.stop());

function list(holder: string, first: number, last: number): void {
  const rows = Array.from({ length: last - first + 1 }, (_, n) => ({ ...child(first + n, 'listed') }));
  town.lists.set(holder, rows);
}

let version = 0;
/** Another agreement for each test, or a next version of one. */
function agree(id: string, novelty?: { readonly least: number; readonly most: number }): Promise<SignedSet> {
  version += 1;
  const limits = { records: { most: 1000 }, matches: { least: 0, most: 500 }, ...(novelty && { novelty }) };
  return town.mesh.agree({ id, version, release: 'count', limits }, both);
}
const people = async (agreement: SignedSet) => (await town.combined(agreement, await town.ask(agreement))).people;
const refused = async (agreement: SignedSet) => {
  const queryId = await town.ask(agreement);
  const told = await until('a refusal', () => town.heard(queryId, 'refusal')[0]);
  return [told.from.id, (told.body as { code: string }).code];
};
const isRead = (queryId: QueryId) =>
  until('it is read', async () => typeof (await town.row('police', queryId))?.reading === 'string');
const knex = () => {
  const node = town.nodes.get('police');
  if (node === undefined) throw new Error('no such node');
  return node.lqi.node.courier.store.knex;
};

describe('a set with one record added', () => {
  it('tells whether the others hold that person, where nothing limits it', async () => {
    const agreement = await agree('unlimited');
    list('police', 51, 59);
    const before = await people(agreement);
    list('police', 51, 60);
    expect((await people(agreement)) - before).toBe(1);
  });

  it('is not let out after the set without it, nor after another one in between, nor under the next version', async () => {
    const agreement = await agree('limited', { least: 5, most: 40 });
    list('police', 51, 59);
    expect(await people(agreement)).toBe(9);
    list('police', 51, 60);
    expect(await refused(agreement)).toEqual(['police', 'set-changed']);
    list('police', 51, 75);
    expect(await people(agreement)).toBe(10);
    list('police', 51, 60);
    const next = await agree('limited', { least: 5, most: 40 });
    expect(await refused(next)).toEqual(['police', 'set-changed']);
    list('police', 51, 59);
    expect(await people(next)).toBe(9);
  }, 30_000);

  it('is let out once what is kept of the first is erased; until then the sketch tells nobody who was in it', async () => {
    const agreement = await agree('erased', { least: 5, most: 40 });
    list('police', 51, 59);
    await people(agreement);
    const [row] = await knex()('sketches').where({ agreement_id: 'erased' });
    expect(Object.keys(row as object).sort()).toEqual(
      ['agreement_id', 'at', 'cells', 'kept_until', 'query_id', 'requester'].sort(),
    );
    await eraseExpired(knex(), (row as { kept_until: number }).kept_until);
    expect(await knex()('sketches').where({ agreement_id: 'erased' })).toEqual([]);
    list('police', 51, 60);
    const queryId = await town.ask(agreement);
    await isRead(queryId);
    expect(await knex()('sketches').where({ query_id: queryId })).toHaveLength(1);
  });

  it('is not let out either while the first is still under way', async () => {
    const agreement = await agree('at-once', { least: 5, most: 40 });
    list('police', 51, 59);
    const first = await town.ask(agreement);
    await isRead(first);
    list('police', 51, 60);
    expect(await refused(agreement)).toEqual(['police', 'set-changed']);
  });
});

describe('a set of which much is new', () => {
  it('is not let out', async () => {
    const agreement = await agree('guesses', { least: 1, most: 20 });
    list('police', 1, 60);
    expect(await people(agreement)).toBe(60);
    list('police', 61, 120);
    expect(await refused(agreement)).toEqual(['police', 'set-changed']);
    list('police', 11, 60);
    expect(await people(agreement)).toBe(50);
  });
});
