// Stands in for Nest's own logger, which prints raw exceptions and messages with the values in them. Of what Nest says
// we keep the level, the class that said it and the name of the error.
import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';
import { type LoggableText, loggable, withheld } from './loggable.js';

export class NestLogger implements LoggerService {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  // Nest's small talk ("mapped route", "dependencies initialized") says nothing without its message: it is dropped.
  log(): void {}
  debug(): void {}
  verbose(): void {}

  warn(_message: unknown, ...rest: unknown[]): void {
    this.#log.warn('nest.warning', { source: sourceOf(rest) });
  }

  error(message: unknown, ...rest: unknown[]): void {
    const error = [message, ...rest].find((part) => part instanceof Error);
    if (error === undefined) this.#log.warn('nest.error', { source: sourceOf(rest) });
    else this.#log.fault('nest.fault', error, { source: sourceOf(rest) });
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }
}

// Nest passes the name of the speaking class as the last argument.
function sourceOf(rest: readonly unknown[]): LoggableText {
  const last = rest.at(-1);
  return typeof last === 'string' ? loggable.className(last) : withheld;
}
