// What costs something to find out, and is asked for by several, or too often: one finds it out for all.

/** As `find`, but who asks meanwhile, or so many milliseconds after it was found, is told the same. */
export function sharedFor<Result>(find: () => Promise<Result>, milliseconds: number): () => Promise<Result> {
  let finding: Promise<Result> | undefined;
  let held: { readonly found: Result; readonly at: number } | undefined;
  return async () => {
    if (held !== undefined && performance.now() - held.at < milliseconds) return held.found;
    finding ??= find()
      .then((found) => {
        held = { found, at: performance.now() };
        return found;
      })
      .finally(() => {
        finding = undefined;
      });
    return finding;
  };
}
