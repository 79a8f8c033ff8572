// What a handler throws where a letter has come before another that it needs, as a chunk that overtakes its query's
// dispatch. No fault, and not logged as one: the letter comes again a little later, or is refused where too many of its
// sender do already (early-letters.ts).

/** Throw it before anything is changed or posted, as a refusal: the rest of the letter's batch is committed. */
export class NotYet extends Error {
  override readonly name: string = 'NotYet';

  constructor() {
    super('not yet');
  }
}

/**
 * As NotYet, for a letter that another copy of this party must take, since that one has what belongs to it: it comes again
 * until it comes there. As many of a sender as there are, for none of that is its doing.
 */
export class Elsewhere extends NotYet {
  override readonly name = 'Elsewhere';
}
