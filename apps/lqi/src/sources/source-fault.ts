// What goes wrong with a holder's database. Only the code may be told outside; what the driver says can quote records,
// and stays, as cause, at home.

/**
 * `timeout`: stopped at its time limit. `too-many-rows`: more than the limit. `unavailable`: the database cannot be
 * reached or read now. `statement`: it does not fit this database or its parameters, or tries more than to read.
 */
export type SourceFaultCode = 'timeout' | 'too-many-rows' | 'unavailable' | 'statement';

export class SourceFault extends Error {
  override readonly name = 'SourceFault';

  constructor(
    readonly code: SourceFaultCode,
    cause?: unknown,
  ) {
    super(code, { cause });
  }
}
