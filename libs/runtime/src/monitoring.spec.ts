import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Module } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HealthController } from './health.controller.js';
import { LOG, openLog } from './log.js';
import { METRICS, openMetrics } from './metrics.js';
import { monitoringConfig } from './monitoring.js';
import { type RunningApp, openApp } from './open-app.js';
import { READINESS, type Condition, type ReadinessCheck } from './readiness.js';

let app: RunningApp | undefined;
let counted = 0;
const lines: string[] = [];
const log = openLog({ app: 'monitored', to: { write: (line) => void lines.push(line) } });
const fine: Condition = { state: 'well', code: 'well' };
const metrics = openMetrics({ processMetrics: false });
metrics.gauge({
  name: 'queries',
  help: 'h',
  labels: {},
  read: async () => [{ labels: {}, value: (counted += 1) }],
});

class AppModule {}

/** Where it is monitored. */
async function serve(config: object, checks: readonly ReadinessCheck[] = []): Promise<string> {
  lines.length = counted = 0;
  Module({
    controllers: [HealthController],
    providers: [
      { provide: LOG, useValue: log },
      { provide: METRICS, useValue: metrics },
      { provide: READINESS, useValue: checks },
    ],
  })(AppModule);
  const monitoring = monitoringConfig.parse({ port: 0, ...config });
  app = await openApp(AppModule, { listen: { host: '127.0.0.1', port: 0 }, monitoring, log });
  return `http://127.0.0.1:${app.monitoring}`;
}

afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe('the listener for monitoring', () => {
  it('tells what was counted, on this machine alone, and is no part of the other one', async () => {
    expect(monitoringConfig.parse({ port: 1 })).toMatchObject({ host: '127.0.0.1' });
    const address = await serve({});
    const answer = await fetch(`${address}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).toContain('queries 1');
    expect((await fetch(`http://127.0.0.1:${app?.port}/metrics`)).status).toBe(404);
    expect((await fetch(`${address}/health/live`)).status).toBe(404);
    expect((await fetch(`${address}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  it('counts once for all who ask at once, and again only after a while', async () => {
    const address = await serve({ reuseFor: 300 });
    const ask = async () => (await fetch(`${address}/metrics`)).text();
    const asked = await Promise.all(Array.from({ length: 50 }, ask));
    expect([counted, new Set(asked).size]).toEqual([1, 1]);
    await expect(ask()).resolves.toContain('queries 1');
    await new Promise((resolve) => setTimeout(resolve, 350));
    await expect(ask()).resolves.toContain('queries 2');
  });

  it('can be told to count anew each time', async () => {
    const address = await serve({ reuseFor: 0 });
    for (const expected of [1, 2])
      expect(await (await fetch(`${address}/metrics`)).text()).toContain(`queries ${expected}`);
  });

  it('says that it is degraded, and still routed to, while something fails without which it can serve', async () => {
    const rights: Condition = { state: 'attention', code: 'database-may-write' };
    const keys: Condition = { state: 'failing', code: 'key-file-mode' };
    const address = await serve({}, [
      { name: 'store', needed: true, check: async () => fine },
      { name: 'rights', needed: false, check: async () => rights },
      { name: 'keys', needed: false, check: async () => keys },
    ]);
    const answer = await fetch(`${address}/health/ready`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ ready: true, state: 'degraded', checks: { store: fine, rights, keys } });
  });

  it.each([
    ['fails', async () => ({ state: 'failing', code: 'store-silent' }) as const, 'store-silent'],
    ['throws', () => Promise.reject(new Error('password hunter2')), 'no-answer'],
    ['never answers', () => new Promise<Condition>(() => {}), 'no-answer'],
  ])('is not ready with 503 while what it needs %s, and keeps what was thrown to itself', async (_how, check, code) => {
    const address = await serve({}, [
      { name: 'broker', needed: false, check: async () => fine },
      { name: 'store', needed: true, check },
    ]);
    const answer = await fetch(`${address}/health/ready`);
    expect(answer.status).toBe(503);
    const checks = { broker: fine, store: { state: 'failing', code } };
    expect(await answer.json()).toEqual({ ready: false, state: 'not-ready', checks });
    expect(lines.join('')).not.toContain('hunter2');
  });

  it('ends with the app, also while a client keeps its connection', async () => {
    const address = await serve({});
    await (await fetch(`${address}/metrics`)).text();
    await app?.close();
    app = undefined;
    await expect(fetch(`${address}/metrics`)).rejects.toThrow();
  });

  it('names its own key of the config where it cannot listen', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await expect(serve({ port })).rejects.toThrow(/monitoring\.port: another program listens there/);
    taken.close();
    await expect(serve({ host: 'nowhere.invalid' })).rejects.toThrow(/monitoring\.host: the name leads to no address/);
  });
});
