// Waits for things that share a transaction: it must not be rolled back while one of them is still using it.

/** Their results in order; rejects with the first error, once all have ended. */
export async function allOf<Result>(all: readonly (Promise<Result> | Result)[]): Promise<Result[]> {
  const settled = await Promise.allSettled(all);
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}
