import { Module } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HealthController } from './health.controller.js';
import { LOG, openLog } from './log.js';
import { METRICS, openMetrics } from './metrics.js';
import { type RunningApp, openApp } from './open-app.js';
import { READINESS, type Condition, type ReadinessCheck } from './readiness.js';

let app: RunningApp | undefined;
const lines: string[] = [];
const fine: Condition = { state: 'well', code: 'well' };

class AppModule {}

async function serve(checks: readonly ReadinessCheck[]): Promise<string> {
  lines.length = 0;
  const log = openLog({ app: 'health', to: { write: (line) => void lines.push(line) } });
  Module({
    controllers: [HealthController],
    providers: [
      { provide: LOG, useValue: log },
      { provide: METRICS, useValue: openMetrics() },
      { provide: READINESS, useValue: checks },
    ],
  })(AppModule);
  app = await openApp(AppModule, { listen: { host: '127.0.0.1', port: 0 }, log });
  return `http://127.0.0.1:${app.port}`;
}

afterEach(async () => {
  await app?.close();
});

describe('the health of a process', () => {
  it('is alive, ready, and shows its metrics', async () => {
    const address = await serve([{ name: 'store', needed: true, check: async () => fine }]);
    const [live, ready, metrics] = await Promise.all(
      ['health/live', 'health/ready', 'metrics'].map((path) => fetch(`${address}/${path}`)),
    );
    expect(await live?.json()).toEqual({ live: true });
    expect(await ready?.json()).toEqual({ ready: true, state: 'ready', checks: { store: fine } });
    expect(metrics?.headers.get('content-type')).toContain('text/plain');
    expect(await metrics?.text()).toContain('process_cpu_user_seconds_total');
    expect(ready?.headers.get('cache-control')).toBe('no-store');
  });

  it('is degraded, and is still routed to, while something fails without which it can serve', async () => {
    const rights: Condition = { state: 'attention', code: 'database-may-write' };
    const keys: Condition = { state: 'failing', code: 'key-file-mode' };
    const address = await serve([
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
    const address = await serve([
      { name: 'broker', needed: false, check: async () => fine },
      { name: 'store', needed: true, check },
    ]);
    const answer = await fetch(`${address}/health/ready`);
    expect(answer.status).toBe(503);
    const checks = { broker: fine, store: { state: 'failing', code } };
    expect(await answer.json()).toEqual({ ready: false, state: 'not-ready', checks });
    expect(lines.join('')).not.toContain('hunter2');
  });

  it('repeats no address that it cannot read', async () => {
    const answer = await fetch(`${await serve([])}/%zz-QQ123456C`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.text()).not.toContain('QQ123456C');
  });
});
