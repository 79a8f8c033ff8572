// The life of an app's process: opens the app, says `listening`, closes it in order on a signal, and never prints an
// error's message, which may hold what somebody asked about.
import { RuntimeException } from '@nestjs/core/errors/exceptions/index.js';
import { causeOf, endOnFault } from './end-on-fault.js';
import { notListening } from './not-listening.js';
import { type AppOptions, type RootModule, type RunningApp, openApp, usualCloseWithin } from './open-app.js';

/** Opens the app and keeps it open until SIGTERM or SIGINT. A fault while starting exits with code 1. */
export async function startApp(module: RootModule, options: AppOptions): Promise<RunningApp> {
  const { log } = options;
  endOnFault(log);
  try {
    const running = await openApp(module, options);
    closeOnSignal(running, options);
    if (running.monitoring !== undefined) log.info('monitoring.listening', { port: running.monitoring });
    log.info('listening', { port: running.port });
    return running;
  } catch (error) {
    log.fault('start.failed', error);
    process.stderr.write(`could not start: ${ours(error) ?? causeOf(notListening('listen', error) ?? error)}\n`);
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
