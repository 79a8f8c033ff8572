// What an app's process does with a fault that nothing caught: it says what can be said without an error's message, which
// may hold what somebody asked about, and ends.
import { traceFault } from './fault-trace.js';
import type { Log } from './log.js';

/** Something is wrong with what the process was given. Its message names files and keys, no values, and is printed. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

const events = ['uncaughtException', 'unhandledRejection'] as const;
let end: ((error: unknown) => void) | undefined;

/** Reads what an operator wrote: what is wrong with it is said with the file's name, and holds nothing secret. */
export function orCannotStart<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    throw new CannotStart(cause instanceof Error ? cause.message : 'a file cannot be read', { cause });
  }
}

/** Call it first in `main.ts`; called again, with a log, once there is one. */
export function endOnFault(log?: Log): void {
  for (const event of events) if (end !== undefined) process.off(event, end);
  end = (error) => {
    if (log === undefined) process.stderr.write(`could not start: ${causeOf(error)}\n`);
    else log.fault('process.fault', error);
    process.exit(1);
  };
  for (const event of events) process.on(event, end);
}

/** One line for the operator. */
export function causeOf(error: unknown): string {
  if (error instanceof CannotStart) return error.message;
  const { name, code, causes } = traceFault(error);
  return [[name, code].filter((part) => part !== undefined).join(' '), ...causes].join(', because of ');
}
