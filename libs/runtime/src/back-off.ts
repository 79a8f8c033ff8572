// What failed is left alone for a while, longer each time, so that it does not hold up the others. Kept in memory: after
// a start everything is tried anew.

export interface Delays {
  /** Milliseconds after the first failure; twice as many after each further one. */
  readonly first: number;
  readonly most: number;
}

export interface BackOff {
  /** It has failed. `now`: milliseconds since 1970. */
  add(id: string, now?: number): void;
  /** It has gone well. */
  drop(id: string): void;
  /** Those that must still be left alone. */
  waiting(now?: number): string[];
}

export function openBackOff({ first, most }: Delays): BackOff {
  const all = new Map<string, { readonly delay: number; readonly until: number }>();
  return {
    add: (id, now = Date.now()) => {
      const before = all.get(id);
      const delay = before === undefined ? first : Math.min(2 * before.delay, most);
      all.set(id, { delay, until: now + delay });
    },
    drop: (id) => void all.delete(id),
    waiting: (now = Date.now()) => {
      // What has not been tried for so long after its time is not there any more.
      for (const [id, { until }] of all) if (until + 2 * most <= now) all.delete(id);
      return [...all].flatMap(([id, { until }]) => (until > now ? [id] : []));
    },
  };
}
