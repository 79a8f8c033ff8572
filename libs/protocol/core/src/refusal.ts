// An expected no. Its code comes from one closed list and is safe to send, to log and to count: it never has a value.
import { z } from 'zod';

export const refusalCode = z.enum([
  // the carrying of a message
  'malformed',
  'too-large',
  'not-for-you',
  'wrong-sender',
  'unknown-key',
  // its owner has said that it may be in other hands
  'key-revoked',
  'bad-signature',
  'too-old',
  'from-the-future',
  'replayed',
  // a query and its agreement
  'unknown-agreement',
  'agreement-not-signed',
  'agreement-not-in-force',
  'key-not-pinned',
  'role-not-allowed',
  'parts-not-matching',
  'part-not-bound',
  'fields-not-agreed',
  'lookup-taken',
  'deadline-passed',
  'query-differs',
  // limits: ask later, or raise them in a new version that all sign
  'requester-limit',
  'agreement-limit',
  'subject-limit',
  // with what was asked about this person before, it would tell one holder's flag: ask as before, or once that is erased
  'would-isolate',
  // a holder's own
  'template-not-pinned',
  'source-failed',
  'source-unfit',
  'not-approved',
  // a set query
  'set-too-large',
  'set-unfit',
  // too few or too many of its records are new or gone since it was last asked for: ask as before, or later
  'set-changed',
  'chunk-differs',
  'bad-point',
  'list-altered',
  // an appeal
  'not-found',
  'not-decided',
  // a fault, seen from outside
  'unavailable',
]);
export type RefusalCode = z.infer<typeof refusalCode>;

/** Thrown where a no ends the handling of a message; caught by the courier, which counts it and answers with its code. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(code);
    this.code = code;
  }
}
