// Who may ask can ask faster than anybody opens: the broker hands all of it over at once.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ask, progress, slip } from '@anonymesh/protocol';
import { randomBytes } from 'node:crypto';
import { until } from '../../../tests/mesh/until.js';
import { ownConsumer } from './broker/connect-party.js';
import type { Courier } from './courier.js';
import { effectsOf, startRealMesh, writeDown, type RealMesh, type RealNode } from './fixtures/real-mesh.js';
import { largestParcel } from './parcel.js';

let mesh: RealMesh;
beforeAll(async () => {
  mesh = await startRealMesh();
}, 60_000);
afterAll(() => mesh.stop());

const found = { manifest: 'e30.e30.AA', slip: 'e30.AA.AA.AA.AA' };
const asking = () => ({ to: 'coordinator', body: { lookupId: randomBytes(16).toString('base64url') } });

/** A coordinator that is busy with a portal's request until it is let go. */
async function busy(): Promise<{ node: RealNode; portal: Courier; first: Promise<unknown>; letGo: () => void }> {
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const node = await mesh.node(
    'coordinator',
    mesh.place(randomBytes(6).toString('hex')),
    [progress, writeDown],
    [ask, async () => undefined],
    [
      slip,
      async () => {
        entered.resolve();
        await gate.promise;
        return found;
      },
    ],
  );
  const portal = await mesh.courier('appeal-portal');
  const first = portal.request(slip, asking(), 60_000);
  await entered.promise;
  return { node, portal, first, letGo: gate.resolve };
}

describe('requests that come faster than they are opened', () => {
  it.each<[string, number, number, number]>([
    ['many', 3000, 100, 1001],
    ['large', 40, largestParcel, Math.floor((8 * 1024 * 1024) / largestParcel) + 1],
  ])(
    'wait up to a bound where they are %s, and hold up nothing else',
    async (_what, count, bytes, most) => {
      const { node, portal, first, letGo } = await busy();
      const [requester, aggregator] = await Promise.all([mesh.courier('immigration'), mesh.courier('aggregator')]);
      try {
        for (let sent = 0; sent < count; sent += 1)
          requester.party.connection.publish('mesh.coordinator.ask', randomBytes(bytes));
        await until('the others are dropped', async () => (await node.refused('unavailable')) === count - most);
        expect(node.log.filter((line) => line.includes('requests.dropped'))).toHaveLength(1);
        await aggregator.send(progress, { to: 'coordinator', queryId: 'ab'.repeat(16), body: { answered: 1 } });
        const consumer = await ownConsumer(node.courier.party, 'coordinator');
        await until('the letter is here', async () => (await consumer.info()).num_ack_pending === 1);
        const second = portal.request(slip, asking(), 60_000);
        letGo();
        expect(await Promise.all([first, second])).toEqual([{ accepted: found }, { accepted: found }]);
        await until('the letter is handled', async () => (await effectsOf(node)).length === 1);
        await until('what waited is refused', async () => (await node.refused('malformed')) === most);
      } finally {
        letGo();
        for (const each of [node, portal, requester, aggregator]) await each.close();
      }
    },
    90_000,
  );
});
