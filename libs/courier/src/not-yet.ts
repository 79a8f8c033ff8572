// What a handler throws where a letter has come before another that it needs, as a chunk that overtakes its query's
// dispatch. No fault, and not logged as one: the letter comes again a little later, or is refused where too many of its
// sender do already (early-letters.ts).

/** Throw it before anything is changed or posted, as a refusal: the rest of the letter's batch is committed. */
export class NotYet extends Error {
  override readonly name = 'NotYet';

  constructor() {
    super('not yet');
  }
}
