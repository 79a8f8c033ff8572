// Opens one app's HTTP server: Nest on Fastify with our logger, limits on what a client may send, and an orderly close.
// Everything about the process itself (signals, exit codes) is in start.ts.
import 'reflect-metadata';
import type { Server, ServerResponse } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Log } from './log.js';
import { loggable } from './loggable.js';
import { METRICS, type Metrics } from './metrics.js';
import { openMonitoring, type Monitored, type MonitoringConfig } from './monitoring.js';
import { NestLogger } from './nest-logger.js';
import { READINESS, type ReadinessCheck } from './readiness.js';
import { readCredentials } from './tls/credentials.js';
import { renewWhenChanged } from './tls/serve-tls.js';
import type { TlsFiles } from './tls/tls-files.js';

/** Something to close after the server has stopped: a store, a connection to the broker. */
export type Closer = { readonly name: string; readonly close: () => Promise<void> };

export type AppOptions = {
  /** With `tls` it speaks HTTPS alone. */
  readonly listen: { readonly host: string; readonly port: number; readonly tls?: TlsFiles | undefined };
  readonly log: Log;
  /** Where its operator's monitoring asks, of which the module must provide METRICS and READINESS; nowhere by default. */
  readonly monitoring?: MonitoringConfig | undefined;
  /** The largest body that is read, in bytes; 256 KiB unless said otherwise. */
  readonly bodyLimit?: number;
  /** Addresses or networks of proxies, whose word is believed about where a request came from; nobody's by default. */
  readonly proxies?: readonly string[];
  /** Called before listening: filters, hooks, `app.connectMicroservice`. */
  readonly prepare?: (app: NestFastifyApplication) => void | Promise<void>;
  /** How long closing may take, in milliseconds; clients are cut off after a third of it. 10 seconds by default. */
  readonly closeWithin?: number;
  /** What to close when the server has stopped, one after the other. */
  readonly closers?: (app: NestFastifyApplication) => readonly Closer[];
};

export type RunningApp = {
  readonly app: NestFastifyApplication;
  /** The port it listens on, also where the config asked for any (0). */
  readonly port: number;
  /** The port of its monitoring, where it has any. */
  readonly monitoring: number | undefined;
  readonly close: () => Promise<void>;
};

const quarterMebibyte = 256 * 1024;

export const usualCloseWithin = 10_000;

/** The app's module, or one with what only the start of the process can provide: config, log, stores. */
export type RootModule = Type | DynamicModule;

export async function openApp(module: RootModule, options: AppOptions): Promise<RunningApp> {
  const { log, listen, proxies = [] } = options;
  const secured = listen.tls === undefined ? undefined : { files: listen.tls, held: readCredentials(listen.tls) };
  const adapter = new FastifyAdapter({
    ...(secured === undefined ? {} : { https: { cert: secured.held.cert, key: secured.held.key } }),
    bodyLimit: options.bodyLimit ?? quarterMebibyte,
    trustProxy: proxies.length > 0 ? [...proxies] : false,
    // A client that sends its request a byte at a time holds a connection no longer than this.
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    // Fastify would repeat the bad address in its answer.
    frameworkErrors: refuseAddress,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLogger(log),
    abortOnError: false,
  });
  await options.prepare?.(app);
  const monitoring = options.monitoring && (await openMonitoring(options.monitoring, monitoredOf(app, log)));
  await app.listen(listen.port, listen.host);
  const server: Server = app.getHttpServer();
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : listen.port;
  const renewing = secured && renewWhenChanged(server as SecureServer, secured.files, secured.held, log);
  const close = async () => {
    renewing?.end();
    await monitoring?.close();
    await closeInOrder(app, server, options);
  };
  return { app, port, monitoring: monitoring?.port, close };
}

function monitoredOf(app: NestFastifyApplication, log: Log): Monitored {
  const anywhere = { strict: false } as const;
  const metrics = app.get<Metrics>(METRICS, anywhere);
  return { metrics, checks: app.get<readonly ReadinessCheck[]>(READINESS, anywhere), log };
}

function refuseAddress(_error: unknown, _request: unknown, { raw }: { raw: ServerResponse }): void {
  raw.writeHead(400, { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }).end(badAddress);
}

const badAddress = JSON.stringify({
  type: 'urn:anonymesh:problem:bad-request',
  title: 'The request is malformed',
  status: 400,
  code: 'bad-request',
});

async function closeInOrder(app: NestFastifyApplication, server: Server, options: AppOptions): Promise<void> {
  const { log, closers, closeWithin = usualCloseWithin } = options;
  const closing = closers?.(app) ?? [];
  // Streams of events never end by themselves: clients have this long to finish, and come back to another copy.
  const cut = setTimeout(() => server.closeAllConnections(), closeWithin / 3);
  await app.close().finally(() => clearTimeout(cut));
  for (const { name, close } of closing) {
    await close().catch((error: unknown) => log.fault('close.failed', error, { closer: loggable.code(name) }));
  }
}
