// Why a command did not do what it was to do, with its exit code.
import { isNativeError } from 'node:util/types';
import { FlawedDocument } from '@anonymesh/trust';

/**
 * `refused`: the answer is no, or a document is not as it must be. `usage`: something that was named is not there, or is
 * no such thing. `declined`: a node, or the mesh behind it, says no. `unanswered`: a node says nothing; ask again later.
 */
export const exitCodes = { refused: 1, usage: 2, declined: 3, unanswered: 4, fault: 70 } as const;

export class No extends Error {
  override readonly name = 'No';
  /** The message: what stands in one of them stays in that line. */
  readonly lines: readonly string[];
  /** For programs, beside the message. */
  readonly details: object;

  constructor(
    readonly kind: Exclude<keyof typeof exitCodes, 'fault'>,
    lines: string | readonly string[],
    { details = {}, ...options }: ErrorOptions & { readonly details?: object } = {},
  ) {
    super([lines].flat().join('\n'), options);
    this.lines = [lines].flat();
    this.details = details;
  }
}

/** Reads what was named on the command line: what is wrong with it is the caller's to put right. */
export function named<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (!isNativeError(cause) || cause instanceof No || cause instanceof FlawedDocument) throw cause;
    throw new No('usage', cause.message.split('\n'), { cause });
  }
}

/** A date or a time that somebody gave with an option, in milliseconds since 1970. */
export function instantOf(option: string, text: string): number {
  const at = /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw new No('usage', `${option} is a date or a time, such as 2026-11-26T14:00:00Z`);
  return at;
}

/** A port that somebody gave with an option. */
export function portOf(option: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port >= 1 && port <= 65_535)) throw new No('usage', `${option} is a port, from 1 to 65535`);
  return port;
}
