// How often something may be done: no more than so many times in a quarter of an hour, and in a day. Pure.
import { z } from 'zod';
import { day } from '../store/tables.js';

export interface Allowance {
  readonly perQuarterHour: number;
  readonly perDay: number;
}

const times = z.int().min(1).max(100_000);

export const limitsConfig = z.strictObject({
  /** Tries of a reference that explained nothing, by one account. */
  account: z.strictObject({ perQuarterHour: times.default(5), perDay: times.default(20) }).prefault({}),
  /** The same, from one address: a library, or a network behind one address, has many people. */
  address: z.strictObject({ perQuarterHour: times.default(30), perDay: times.default(200) }).prefault({}),
  /** Re-checks wished for by one account. */
  rechecks: z.strictObject({ perQuarterHour: times.default(3), perDay: times.default(5) }).prefault({}),
});
export type Limits = z.infer<typeof limitsConfig>;

const quarterHour = 900_000;

/**
 * When it may be done again, in milliseconds since 1970; undefined where it may be done now. `earlier`: the times of the
 * earlier ones, in any order.
 */
export function againAt(earlier: readonly number[], allowance: Allowance, now: number): number | undefined {
  const waits = [
    until(earlier, quarterHour, allowance.perQuarterHour, now),
    until(earlier, day, allowance.perDay, now),
  ].filter((at) => at !== undefined);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

function until(earlier: readonly number[], window: number, most: number, now: number): number | undefined {
  const recent = earlier.filter((at) => at > now - window).sort((a, b) => b - a);
  // The one that must grow old before there is room for one more.
  const barring = recent[most - 1];
  return barring === undefined ? undefined : barring + window;
}
