// Why a command did not do what it was to do, with its exit code.
import { isNativeError } from 'node:util/types';
import { FlawedDocument } from '@anonymesh/trust';

/** `refused`: the answer is no, or a document is not as it must be. `usage`: something that was named is not there, or is no such thing. */
export const exitCodes = { refused: 1, usage: 2, fault: 70 } as const;

export class No extends Error {
  override readonly name = 'No';

  constructor(
    readonly kind: 'refused' | 'usage',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Reads what was named on the command line: what is wrong with it is the caller's to put right. */
export function named<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (!isNativeError(cause) || cause instanceof No || cause instanceof FlawedDocument) throw cause;
    throw new No('usage', cause.message, { cause });
  }
}
