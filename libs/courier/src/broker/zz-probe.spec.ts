import { it } from '@jest/globals';
import { ownConsumer } from './connect-party.js';
import { startSmallMesh } from './fixtures/small-mesh.js';
const body = new Uint8Array(2048).fill(65);
async function many(n: number, inFlight: number, act: (i: number) => Promise<unknown>) {
  let next = 0; await Promise.all(Array.from({ length: inFlight }, async () => { while (next < n) await act(next++); }));
}
it('rates', async () => {
  const mesh = await startSmallMesh();
  try {
    const c = await mesh.connect('coordinator');
    const h = await mesh.connect('hmrc');
    for (const inFlight of [1, 50, 500, 2000]) {
      const n = inFlight === 1 ? 2000 : 10000;
      const t = performance.now();
      await many(n, inFlight, (i) => c.jetstream.publish('mesh.lqi.hmrc.dispatch', body, { msgID: `${inFlight}-${i}` }));
      console.log('publish', inFlight, Math.round(n / (performance.now() - t) * 1000));
    }
    const consumer = await ownConsumer(h, 'holder');
    let total = 0; let t = performance.now();
    for (let k = 0; k < 20; k += 1) { for await (const m of await consumer.fetch({ max_messages: 500, expires: 5000 })) { m.ack(); total += 1; } }
    console.log('fetch500+ack', total, Math.round(total / (performance.now() - t) * 1000));
    total = 0; t = performance.now();
    for (let k = 0; k < 50; k += 1) { for await (const m of await consumer.fetch({ max_messages: 100, expires: 5000 })) { m.ack(); total += 1; } }
    console.log('fetch100+ack', total, Math.round(total / (performance.now() - t) * 1000));
    total = 0; t = performance.now();
    for await (const m of await consumer.consume({ max_messages: 1000 })) { m.ack(); total += 1; if (total === 10000) break; }
    console.log('consume1000+ack', total, Math.round(total / (performance.now() - t) * 1000));
    total = 0; t = performance.now();
    const pend: Promise<boolean>[] = [];
    for (let k = 0; k < 5; k += 1) { for await (const m of await consumer.fetch({ max_messages: 500, expires: 5000 })) { pend.push(m.ackAck()); total += 1; } await Promise.all(pend.splice(0)); }
    console.log('fetch500+ackAck', total, Math.round(total / (performance.now() - t) * 1000));
    console.log(await mesh.stateOf('LQI_hmrc').then(s => [s.messages, s.unacknowledged]));
    // both at once from 3 holders to aggregator
    const names = ['hmrc', 'dwp', 'council']; const ps = await Promise.all(names.map((x) => mesh.connect(x)));
    t = performance.now();
    await Promise.all(ps.map((p, w) => many(5000, 500, (i) => p.jetstream.publish('mesh.aggregator.answer', body, { msgID: `${w}-${i}` }))));
    console.log('3 holders publish', Math.round(15000 / (performance.now() - t) * 1000));
  } finally { await mesh.stop(); }
}, 120000);
it('acked survive SIGKILL', async () => {
  const mesh = await startSmallMesh();
  try {
    const c = await mesh.connect('coordinator');
    for (let round = 0; round < 3; round += 1) {
      let acked = 0; 
      await many(3000, 300, async (i) => { await c.jetstream.publish('mesh.lqi.hmrc.dispatch', body, { msgID: `${round}-${i}` }); acked += 1; });
      await mesh.nats.restart();
      const op = await mesh.connect('dwp'); await op.connection.flush();
      let s; for (;;) { s = await mesh.stateOf('LQI_hmrc').catch(() => undefined); if (s) break; }
      console.log('after kill', s.messages, 'expected', (round + 1) * 3000, acked);
    }
    const again = await mesh.connect('coordinator');
    console.log('dup across restart', (await again.jetstream.publish('mesh.lqi.hmrc.dispatch', body, { msgID: `2-5` })).duplicate);
  } finally { await mesh.stop(); }
}, 120000);
