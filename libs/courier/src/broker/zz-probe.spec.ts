import { it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer } from '@nats-io/jetstream';
import { ownConsumer } from './connect-party.js';
import { startSmallMesh } from './fixtures/small-mesh.js';
import { freePort } from '../../../../tests/servers/free-port.js';
it.each(['stream', 'chunked'])(
  'leaks %s',
  async (type) => {
    const http = await freePort();
    const mesh = await startSmallMesh((text) => {
      const c = JSON.parse(text);
      for (const e of c.accounts.MESH.exports)
        if (e.response_type === 'stream') {
          e.response_type = type;
          e.response_threshold = '5s';
        }
      return JSON.stringify({ ...c, http: `127.0.0.1:${http}` });
    });
    const count = async (what: string) => {
      const a = (await (await fetch(`http://127.0.0.1:${http}/accountz?acc=MESH`)).json()) as any;
      console.log(
        what,
        'MESH responses',
        Object.keys(a.account_detail.responses ?? {}).length,
        JSON.stringify(Object.values(a.account_detail.responses ?? {})[0]),
      );
    };
    try {
      const c = await mesh.connect('coordinator');
      const h = await mesh.connect('hmrc');
      const consumer = (await ownConsumer(h, 'holder')) as Consumer;
      const open = await consumer.consume({ max_messages: 10 });
      let got = 0;
      void (async () => {
        for await (const m of open) {
          m.ack();
          got += 1;
        }
      })();
      for (let i = 0; i < 1000; i += 1) {
        await c.jetstream.publish('mesh.lqi.hmrc.dispatch', 'x');
      }
      await count('1000 consumed, open');
      for (let i = 0; i < 4; i += 1) {
        await pause(5000);
        await count(`idle ${(i + 1) * 5}s`);
      }
      await c.jetstream.publish('mesh.lqi.hmrc.dispatch', 'x');
      const t = performance.now();
      while (got < 1001 && performance.now() - t < 10000) await pause(10);
      console.log('after idle got', got, Math.round(performance.now() - t));
      await count('end');
    } finally {
      await mesh.stop();
    }
  },
  400000,
);
