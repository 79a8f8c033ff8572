import { Module } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HealthController } from './health.controller.js';
import { LOG, openLog } from './log.js';
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
  it('is alive and ready, in a word each', async () => {
    const address = await serve([{ name: 'store', needed: true, check: async () => fine }]);
    const [live, ready] = await Promise.all(['live', 'ready'].map((path) => fetch(`${address}/health/${path}`)));
    expect(await live?.json()).toEqual({ live: true });
    expect(await ready?.json()).toEqual({ ready: true });
    expect(ready?.headers.get('cache-control')).toBe('no-store');
  });

  it('is not ready with 503 while something fails without which it can serve nothing, and does not say what', async () => {
    const failing: Condition = { state: 'failing', code: 'store-silent' };
    const answer = await fetch(
      `${await serve([{ name: 'store', needed: true, check: async () => failing }])}/health/ready`,
    );
    expect([answer.status, await answer.text()]).toEqual([503, '{"ready":false}']);
  });

  it('tells nobody what it counted', async () => {
    const answer = await fetch(`${await serve([])}/metrics`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('process_cpu');
  });

  it('repeats no address that it cannot read', async () => {
    const answer = await fetch(`${await serve([])}/%zz-QQ123456C`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.text()).not.toContain('QQ123456C');
  });
});
