// The life of an app's process: opens the app, says `listening`, closes it in order on a signal, and never prints an
// error's message, which may hold what somebody asked about.
import { RuntimeException } from '@nestjs/core/errors/exceptions/index.js';
import type { ConfigFault } from './config-fault.js';
import { type CannotStart, cannotStart, causeOf, endOnFault } from './end-on-fault.js';
import { type AppOptions, type RootModule, type RunningApp, openApp, usualCloseWithin } from './open-app.js';

/** Opens the app and keeps it open until SIGTERM or SIGINT. A fault while starting exits with code 1. */
export async function startApp(module: RootModule, options: AppOptions): Promise<RunningApp> {
  const { log } = options;
  endOnFault(log);
  try {
    const running = await openApp(module, options);
    closeOnSignal(running, options);
    log.info('listening', { port: running.port });
    return running;
  } catch (error) {
    log.fault('start.failed', error);
    process.stderr.write(`could not start: ${ours(error) ?? causeOf(notListening(error) ?? error)}\n`);
    process.exit(1);
  }
}

function closeOnSignal({ close }: RunningApp, { log, closeWithin = usualCloseWithin }: AppOptions): void {
  const leave = async () => {
    log.info('closing');
    setTimeout(() => {
      log.warn('closing.took-too-long');
      process.exit(1);
    }, closeWithin);
    try {
      await close();
      log.info('closed');
      process.exit(0);
    } catch (error) {
      log.fault('closing.failed', error);
      process.exit(1);
    }
  };
  let leaving: Promise<void> | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void (leaving ??= leave()));
}

// What Nest says of a wrong wiring names our own classes, and is useless without its message. No other message is shown.
function ours(error: unknown): string | undefined {
  return error instanceof RuntimeException ? (error.message.split('\n')[0] ?? error.name) : undefined;
}

const listening: Readonly<Record<string, ConfigFault>> = {
  EADDRINUSE: { key: 'listen.port', fault: 'another program listens there', fix: 'end that, or name another port' },
  EACCES: { key: 'listen.port', fault: 'this user may not listen there', fix: 'name a port above 1023' },
  EADDRNOTAVAIL: { key: 'listen.host', fault: 'not an address of this machine', fix: 'name one that it has' },
  ENOTFOUND: { key: 'listen.host', fault: 'the name leads to no address', fix: 'name an address of this machine' },
};

/** Undefined where it is about something else. */
function notListening(error: unknown): CannotStart | undefined {
  const { code, syscall } = error as { code?: string; syscall?: string };
  const isOurs = syscall === 'listen' || syscall === 'getaddrinfo';
  const fault = isOurs && code !== undefined ? listening[code] : undefined;
  return fault && cannotStart(fault, error);
}
