// What takes spans as an OpenTelemetry collector does, OTLP over HTTP, and keeps them as they came.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { spansIn, type SpanSeen } from './spans-in.js';

export interface Collector {
  readonly url: string;
  /** Every body that came. */
  readonly received: readonly Buffer[];
  spans(): SpanSeen[];
  /** From here on nobody takes them. */
  close(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  const received: Buffer[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      received.push(body);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    received,
    spans: () => received.flatMap((body) => spansIn(body)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
