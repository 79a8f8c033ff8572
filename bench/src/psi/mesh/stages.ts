// How long each stage of a set query took, from what its event stream said and when.

/** An event of the stream. */
export interface SeenEvent {
  /** Milliseconds, on the clock by which the query's end is told. */
  readonly at: number;
  readonly data: unknown;
}

/**
 * Seconds from when a stage was first heard of until the next one was, or the query had ended. The first one begins with
 * the request: nobody tells of it before a part of it is done.
 */
export function stageSeconds(
  seen: readonly SeenEvent[],
  { began, ended }: { readonly began: number; readonly ended: number },
): Readonly<Record<string, number>> {
  const begun: { stage: string; at: number }[] = [];
  for (const { at, data } of seen) {
    const stage = stageIn(data);
    if (stage === undefined || begun.some((known) => known.stage === stage)) continue;
    begun.push({ stage, at: begun.length === 0 ? began : at });
  }
  return Object.fromEntries(
    begun.map(({ stage, at }, index) => [stage, ((begun[index + 1]?.at ?? ended) - at) / 1000]),
  );
}

function stageIn(data: unknown): string | undefined {
  const stage: unknown = memberOf(memberOf(data, 'progress'), 'stage');
  return typeof stage === 'string' ? stage : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
