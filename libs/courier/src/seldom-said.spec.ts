// What fails again and again while the broker is away would fill the log; and who reads it must still learn that it goes on.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { progress } from '@anonymesh/protocol';
import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../../../tests/mesh/until.js';
import { startRealMesh, writeDown, type RealMesh, type RealNode } from './fixtures/real-mesh.js';

let mesh: RealMesh;
beforeAll(async () => {
  mesh = await startRealMesh();
}, 60_000);
afterAll(() => mesh.stop());
afterEach(() => void jest.restoreAllMocks());

/** How often it had happened by each line that says so. */
const said = (node: RealNode, event: string) =>
  node.log.map((line) => JSON.parse(line) as { event?: string; times?: number }).filter((line) => line.event === event);

const failing = ['outbox.publish-failed', 'courier.fetch-failed'];

describe('a node whose broker is away', () => {
  it('says once that it cannot send or fetch, and how often when a minute is over', async () => {
    const node = await mesh.node('coordinator', mesh.place('coordinator'), [progress, writeDown]);
    await mesh.nats.stop();
    const letter = { to: 'immigration', queryId: 'ab'.repeat(16), body: { answered: 1 } };
    await node.courier.transact(async (work) => void work.post(progress, letter));
    for (const event of failing) await until(event, () => said(node, event).length > 0);
    // Long enough for both to have failed several times more.
    await wait(15_000);
    for (const event of failing) expect(said(node, event)).toMatchObject([{ times: 1 }]);
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + 60_000);
    for (const event of failing) {
      const [, second] = await until(event, () => said(node, event).length > 1 && said(node, event));
      expect(second?.times).toBeGreaterThan(1);
    }
    await node.close();
  }, 90_000);
});
