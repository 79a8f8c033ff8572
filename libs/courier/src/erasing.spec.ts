import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { longestKept, progress } from '@anonymesh/protocol';
import { openLog } from '@anonymesh/runtime';
import { until } from '../../../tests/mesh/until.js';
import { eraseOnTime } from './erasing.js';
import { startRealMesh, type RealMesh, type RealNode } from './fixtures/real-mesh.js';

let mesh: RealMesh;
beforeAll(async () => {
  mesh = await startRealMesh();
}, 60_000);
afterAll(() => mesh.stop());

const queryId = 'ab'.repeat(16);
const minute = 60_000;
const rowsOf = ({ courier }: RealNode) => courier.store.knex('outbox').orderBy('id');

/** One round, and what it said. */
async function eraseOnce({ courier }: RealNode): Promise<string[]> {
  const lines: string[] = [];
  const log = openLog({ app: 'spec', to: { write: (line) => void lines.push(line) } });
  const begun = Promise.withResolvers<void>();
  const erasing = eraseOnTime(courier.store, log, async () => {
    begun.resolve();
    return 0;
  });
  await begun.promise;
  await erasing.close(); // which waits for the round
  return lines;
}

describe('letters that the broker does not take', () => {
  it('are kept as long as their receiver would take them, and no longer', async () => {
    const node = await mesh.node('coordinator', mesh.place('stale'), [progress, async () => undefined]);
    await mesh.putOut('immigration');
    const began = Date.now();
    await node.courier.transact(async (work) => {
      work.post(progress, { to: 'immigration', queryId, body: { answered: 1 } });
    });
    await until('it was not taken', () => node.log.some((line) => line.includes('outbox.publish-failed')));
    const [row] = await rowsOf(node);
    expect(row.not_before).toBeGreaterThanOrEqual(began);

    const age = (not_before: number) => node.courier.store.knex('outbox').update({ not_before });
    expect([await eraseOnce(node), await rowsOf(node)]).toEqual([[], [row]]);
    await age(Date.now() - longestKept + minute);
    expect(await eraseOnce(node)).toEqual([]);
    expect(await rowsOf(node)).toHaveLength(1);
    await age(Date.now() - longestKept - minute);
    expect((await eraseOnce(node)).join()).toContain('"rows":1,"event":"outbox.erased"');
    expect(await rowsOf(node)).toEqual([]);
    await node.close();
  });

  it('begin their time where the version before wrote down none', async () => {
    const node = await mesh.node('coordinator', mesh.place('timeless'), [progress, async () => undefined]);
    await node.courier.store
      .knex('outbox')
      .insert({ id: 'x'.repeat(22), subject: 'mesh.nobody', sealed: Buffer.alloc(8), not_before: 0 });
    const began = Date.now();
    expect(await eraseOnce(node)).toEqual([]);
    const [row] = await rowsOf(node);
    expect(row.not_before).toBeGreaterThanOrEqual(began);
    await node.close();
  });
});
