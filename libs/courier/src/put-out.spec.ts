import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkpoint, progress } from '@anonymesh/protocol';
import { until } from '../../../tests/mesh/until.js';
import { effectsOf, startRealMesh, writeDown, type RealMesh } from './fixtures/real-mesh.js';

let mesh: RealMesh;
beforeAll(async () => {
  mesh = await startRealMesh();
}, 60_000);
afterAll(() => mesh.stop());

/** How often the broker has refused the party's key. */
async function refusalsOf(id: string): Promise<number> {
  const { publicKey } = mesh.parties.party(id).broker;
  const lines = (await mesh.nats.log()).split('\n');
  return lines.filter((line) => line.includes('authentication error') && line.includes(publicKey)).length;
}

describe('a node that is put out', () => {
  it('tries ever more seldom, says so once, and goes on when it is admitted again', async () => {
    const node = await mesh.node('coordinator', mesh.place('put-out'), [progress, writeDown]);
    const began = performance.now();
    await mesh.putOut('coordinator');
    await until('it has been refused again and again', async () => (await refusalsOf('coordinator')) >= 4);
    // Half a second after it was put out, then 1, 2 and 4 seconds after the one before, or more.
    expect(performance.now() - began).toBeGreaterThan(6000);
    expect(node.log.filter((line) => line.includes('broker.refused'))).toHaveLength(1);
    expect(node.log.filter((line) => line.includes('courier.fetch-failed')).length).toBeLessThan(2);
    await mesh.putOut();
    const sender = await mesh.courier('aggregator');
    await sender.send(progress, { to: 'coordinator', queryId: 'ab'.repeat(16), body: { answered: 1 } });
    await until('the letter is handled', async () => (await effectsOf(node)).length === 1);
    await until('it is settled', async () => (await mesh.waiting('coordinator')) === 0);
  }, 90_000);

  it('ends soon when it is told to', async () => {
    const node = await mesh.node('aggregator', mesh.place('ending'), [checkpoint, async () => undefined]);
    await mesh.putOut('aggregator');
    await until('it has been refused again', async () => (await refusalsOf('aggregator')) >= 3);
    const began = performance.now();
    await node.close();
    expect(performance.now() - began).toBeLessThan(8000);
  }, 60_000);
});
