import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { progress } from '@anonymesh/protocol';
import { until } from '../../../tests/mesh/until.js';
import { effectsOf, startRealMesh, writeDown, type RealMesh } from './fixtures/real-mesh.js';

let mesh: RealMesh;
beforeAll(async () => {
  mesh = await startRealMesh();
}, 60_000);
afterAll(() => mesh.stop());

/** A broker that lets everybody in and has no streams yet, as one is for a moment that recovers many. */
const withoutStreams = ({ port }: { readonly port: number }) => JSON.stringify({ host: '127.0.0.1', port });

describe('a receiver whose broker was killed', () => {
  it('goes on within seconds, though the broker had no streams when the receiver came back to it', async () => {
    const receiver = await mesh.node('coordinator', mesh.place('receiver'), [progress, writeDown]);
    const { connection } = receiver.courier.party;
    await mesh.nats.restart(withoutStreams);
    await until('it is back', () => connection.info?.jetstream !== true && connection.info?.port === mesh.nats.port);
    await mesh.nats.restart();
    const sender = await mesh.courier('aggregator');
    await sender.send(progress, { to: 'coordinator', queryId: 'ab'.repeat(16), body: { answered: 1 } });
    await until('the letter is handled', async () => (await effectsOf(receiver)).length === 1);
    await until('it is settled', async () => (await mesh.waiting('coordinator')) === 0);
  }, 60_000);
});
