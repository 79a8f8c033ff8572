// To which size a holder's set is padded: who sees its tokens or its list learns the bucket, not the size.

/**
 * The smallest of 2^m · {16, 20, 24, 28}, m ≥ 0, that holds so many records: at most a quarter more, and at least 16.
 */
export function bucketOf(records: number): number {
  if (!Number.isSafeInteger(records) || records < 0) throw new RangeError('not a number of records');
  for (let step = 4; ; step *= 2) {
    for (const steps of [4, 5, 6, 7]) if (step * steps >= records) return step * steps;
  }
}
