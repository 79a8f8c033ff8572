// What a benchmark has started is stopped when the benchmark is interrupted: a mesh's processes would outlive it.

const leaving = new AbortController();
const running = new Set<() => Promise<void>>();

/** Aborts when the benchmark is interrupted: what is still starting then gives up. */
export const givenUp: AbortSignal = leaving.signal;

/** What to call to stop it; it is called all the same when the benchmark is interrupted, and does its work once. */
export function untilStopped(stop: () => Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const once = () =>
    (stopping ??= stop().finally(() => {
      running.delete(once);
    }));
  running.add(once);
  return once;
}

/** Runs it to its end, or to a signal: then all that it started has been stopped, and the process exits as one does. */
export async function orLeave<Result>(run: () => Promise<Result>): Promise<Result> {
  let over = Promise.resolve();
  for (const [signal, code] of signals) {
    process.once(signal, () => {
      leaving.abort();
      setTimeout(() => process.exit(code), patience).unref();
      // A mesh that is just starting stops itself, and the benchmark then breaks off; another server may be up by then.
      void stopAll()
        .then(() => over)
        .then(stopAll)
        .finally(() => process.exit(code));
    });
  }
  const ran = run();
  over = ran.then(
    () => undefined,
    () => undefined,
  );
  await over;
  // The exit is the signal's.
  if (givenUp.aborted) await new Promise<never>(() => undefined);
  return ran;
}

const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;
const patience = 30_000;

/** The last that was started first: a mesh before its database. What began to start meanwhile has given up by itself. */
async function stopAll(): Promise<void> {
  for (const stop of [...running].reverse())
    await stop().catch((error: unknown) => void process.stderr.write(`not stopped: ${String(error)}\n`));
  if (running.size > 0) await stopAll();
}
