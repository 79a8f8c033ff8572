import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../../tests/mesh/until.js';
import { child, type SignedSet } from '../fixtures/set-mesh.js';
import { startTown, type Town } from '../fixtures/town.js';
import { openOwn } from '../matching/own-seal.js';

let town: Town;
let agreement: SignedSet;
const self = 'police';
beforeAll(async () => {
  town = await startTown();
  agreement = await town.mesh.agree({ release: 'count' }, ['health-trust', self]);
  town.lists.set(self, [{ ...child(1, 'the only one') }]);
}, 60_000);
afterAll(() => town.sets.stop());

const refused = (queryId: string, code: string, times = 1) => {
  const isIt = (line: string) =>
    line.includes('message.refused') && line.includes(queryId) && line.includes(`"${code}"`);
  return until(`${code}`, () => (town.nodes.get(self)?.lines.filter(isIt).length ?? 0) >= times);
};

describe('a dispatch of a set query', () => {
  it('is taken up once, and its secret is kept sealed', async () => {
    const asked = await town.mesh.ask(agreement);
    await town.sets.dispatch(asked, self);
    const row = await until('it is taken up', () => town.row(self, asked.queryId));
    expect(row).toMatchObject({
      agreement: agreement.hash,
      state: 'open',
      keeper: town.nodes.get(self)?.lqi.sets.keeper,
    });
    expect(row.seed?.split('.')).toHaveLength(5);
    await town.sets.dispatch(asked, self);
    await refused(asked.queryId, 'replayed');
    expect((await town.row(self, asked.queryId))?.seed).toBe(row.seed);
  });

  it('has a secret of its own, also where the same was asked before', async () => {
    const seeds: string[] = [];
    for (let times = 0; times < 2; times++) {
      const asked = await town.mesh.ask(agreement);
      await town.sets.dispatch(asked, self);
      const { seed } = await until('it is taken up', () => town.row(self, asked.queryId));
      seeds.push(openOwn(town.mesh.parties.self(self), asked.queryId, 'seed', seed ?? '').toString('hex'));
    }
    expect(new Set(seeds).size).toBe(2);
  });

  it('that comes again with another part does not make us refuse what we have taken up', async () => {
    const asked = await town.mesh.ask(agreement);
    await town.sets.dispatch(asked, self);
    await until('it is taken up', () => town.row(self, asked.queryId));
    const bodies = new Map([...asked.bodies].map(([id, body]) => [id, { ...body, part: 'e30.AA.AA.AA.AA' }]));
    await town.sets.dispatch({ ...asked, bodies }, self);
    await refused(asked.queryId, 'replayed');
    expect((await town.row(self, asked.queryId))?.state).toBe('open');
    expect(town.heard(asked.queryId, 'refusal')).toEqual([]);
  });

  it('that is not in order is refused, and the aggregator is told', async () => {
    const asked = await town.mesh.ask(agreement);
    const bodies = new Map([...asked.bodies].map(([id, body]) => [id, { ...body, maskKeys: {} }]));
    await town.sets.dispatch({ ...asked, bodies }, self);
    const refusal = await until('a refusal', () => town.heard(asked.queryId, 'refusal')[0]);
    expect(refusal.body).toMatchObject({ agreement: agreement.hash, code: 'unknown-key' });
    await town.sets.dispatch(asked, self); // too late to be better
    await refused(asked.queryId, 'replayed');
    expect(await town.row(self, asked.queryId)).toBe(undefined);
  });
});
