// The second listener of a process, for its operator's monitoring alone: what it counted, and what each check found. It is
// no part of the first, for a number that moves with one request tells what came of that request: whoever asks by the
// pages must not read it.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';
import { notListening } from './not-listening.js';
import { askReadiness, type ReadinessCheck } from './readiness.js';
import { sharedFor } from './shared-for.js';

/** Its part of an app's config. */
export const monitoringConfig = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('The address on which it answers, in plain HTTP and whoever asks: one that no browser reaches.'),
  port: z.int().min(0).max(65_535).describe('Its port, another than `listen.port`; 0 takes any that is free.'),
  reuseFor: z
    .int()
    .min(0)
    .max(60_000)
    .default(2000)
    .describe('Milliseconds for which what was counted is told again, before it is counted anew.'),
});
export type MonitoringConfig = z.infer<typeof monitoringConfig>;

export interface Monitored {
  readonly metrics: Metrics;
  readonly checks: readonly ReadinessCheck[];
  readonly log: Log;
}

export interface Monitoring {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Throws a CannotStart where it cannot listen. */
export async function openMonitoring(config: MonitoringConfig, monitored: Monitored): Promise<Monitoring> {
  const answer = answersOf(monitored, config.reuseFor);
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      monitored.log.fault('monitoring.failed', error);
      send(response, 500, '');
    });
  });
  try {
    await once(server.listen(config.port, config.host), 'listening');
  } catch (error) {
    throw notListening('monitoring', error) ?? error;
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answersOf({ metrics, checks, log }: Monitored, reuseFor: number) {
  const print = sharedFor(() => metrics.print(), reuseFor);
  return async ({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path] = (url ?? '').split('?');
    if (method !== 'GET' && method !== 'HEAD') return send(response, 405, '');
    if (path === '/metrics') return send(response, 200, await print(), metrics.contentType);
    if (path !== '/health/ready') return send(response, 404, '');
    const readiness = await askReadiness(checks, log);
    send(response, readiness.ready ? 200 : 503, JSON.stringify(readiness), 'application/json; charset=utf-8');
  };
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
