// How often something may be done: no more than so many times in a quarter of an hour, and in a day. Pure.
import { z } from 'zod';
import { day } from '../store/tables.js';

export interface Allowance {
  readonly perQuarterHour: number;
  readonly perDay: number;
}

const times = z.int().min(1).max(100_000);
const allowance = (perQuarterHour: number, perDay: number) =>
  z.strictObject({
    perQuarterHour: times.default(perQuarterHour).describe('The most in a quarter of an hour.'),
    perDay: times.default(perDay).describe('The most in a day.'),
  });

export const limitsConfig = z.strictObject({
  account: allowance(5, 20).prefault({}).describe('Tries of a reference that explained nothing, by one account.'),
  address: allowance(30, 200)
    .prefault({})
    .describe('The same, from one address: a library, or a network behind one address, has many people.'),
  rechecks: allowance(3, 5).prefault({}).describe('Re-checks wished for by one account.'),
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
