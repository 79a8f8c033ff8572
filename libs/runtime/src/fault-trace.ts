// Describes an error for a log: names, codes and places in our code, never a message, because a database driver or a
// parser puts the offending value into its message.
import { types } from 'node:util';
import { type LoggableText, loggable, withheld } from './loggable.js';

export type FaultTrace = {
  readonly name: string;
  readonly code?: LoggableText | number;
  readonly frames: readonly string[];
  /** Names of the chain of causes, the nearest first; a code follows its name after a space. */
  readonly causes: readonly string[];
};

const deepest = 5;
const mostFrames = 12;
const frame = /^\s+at (?:(?<where>[\w$.<>[\] ]{1,120}) \()?(?<place>(?:file:\/\/|node:|\/)[^\s()]{1,300}:\d+:\d+)\)?$/;

export function traceFault(fault: unknown): FaultTrace {
  const code = codeOf(fault);
  return {
    name: nameOf(fault),
    ...(code === undefined ? {} : { code }),
    frames: framesOf(fault),
    causes: causesOf(fault),
  };
}

function nameOf(fault: unknown): string {
  if (!isError(fault)) return `thrown ${typeof fault}`;
  return /^[A-Z][A-Za-z0-9]{1,63}$/.test(fault.name) ? fault.name : 'Error';
}

function codeOf(fault: unknown): LoggableText | number | undefined {
  if (!isError(fault) || !('code' in fault)) return undefined;
  if (typeof fault.code === 'number') return fault.code;
  return typeof fault.code === 'string' ? loggable.code(fault.code) : withheld;
}

// The stack repeats the message, and a message can have lines that look like frames: it is cut off first.
function framesOf(fault: unknown): string[] {
  if (!isError(fault) || typeof fault.stack !== 'string') return [];
  const message = String(fault.message);
  const start = fault.stack.indexOf(message);
  if (start === -1) return [];
  const lines = fault.stack.slice(start + message.length).split('\n');
  return lines.flatMap((line) => readFrame(line)).slice(0, mostFrames);
}

function readFrame(line: string): string[] {
  const found = frame.exec(line)?.groups;
  if (found?.['place'] === undefined) return [];
  return [found['where'] === undefined ? found['place'] : `${found['where']} ${found['place']}`];
}

function causesOf(fault: unknown): string[] {
  const names: string[] = [];
  for (let cause = causeOf(fault); cause !== undefined && names.length < deepest; cause = causeOf(cause)) {
    const code = codeOf(cause);
    names.push(code === undefined ? nameOf(cause) : `${nameOf(cause)} ${code}`);
  }
  return names;
}

// An AggregateError (a connection tried on several addresses) says why in its first part.
function causeOf(fault: unknown): unknown {
  if (!isError(fault)) return undefined;
  return 'errors' in fault && Array.isArray(fault.errors) && fault.errors.length > 0 ? fault.errors[0] : fault.cause;
}

// Also an error from another realm (a worker's, a sandbox's), which is no instance of our Error.
function isError(fault: unknown): fault is Error {
  return types.isNativeError(fault) || fault instanceof Error;
}
