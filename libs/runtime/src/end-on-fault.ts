// What an app's process does with a fault that nothing caught: it says what can be said without an error's message, which
// may hold what somebody asked about, and ends.
import { fileFrom } from './config.js';
import { type ConfigFault, printFaults } from './config-fault.js';
import { traceFault } from './fault-trace.js';
import type { Log } from './log.js';

/** Something is wrong with what the process was given. Its message names files and keys, no values, and is printed. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
  /** Where it comes of a key of the config. */
  readonly fault?: ConfigFault;

  constructor(message: string, { cause, fault }: { readonly cause?: unknown; readonly fault?: ConfigFault } = {}) {
    super(message, { cause });
    if (fault !== undefined) this.fault = fault;
  }
}

const events = ['uncaughtException', 'unhandledRejection'] as const;
let end: ((error: unknown) => void) | undefined;

/** The key of the config that led to what is read, and what to do where it is at fault. */
export type Led = Pick<ConfigFault, 'key' | 'fix'>;

/** Reads what an operator wrote: what is wrong with it is said with the names of files and key, and holds nothing secret. */
export function orCannotStart<Result>(read: () => Result, led?: Led): Result {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof CannotStart) throw cause;
    const fault = cause instanceof Error ? cause.message : 'a file cannot be read';
    if (led === undefined) throw new CannotStart(fault, { cause });
    throw cannotStart({ ...led, fault }, cause);
  }
}

/** What is said of a key of the config that turns out to be wrong only when it is used. */
export function cannotStart(fault: ConfigFault, cause: unknown): CannotStart {
  const file = fileFrom(process.argv) ?? '--config';
  return new CannotStart(printFaults(file, [fault]).trimEnd(), { cause, fault });
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
