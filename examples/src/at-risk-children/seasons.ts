// The days of the sample records: before and since the day that the example's social worker asks from.

import { dayOf, writtenDay } from '../right-to-remain/days.js';
import type { Dice } from '../right-to-remain/dice.js';

/** What the requester gives in the example: the records are drawn so that the expected matches hold for this day. */
export const askedSince = '2025-11-01';

const days = (from: string, until: string): readonly string[] =>
  Array.from({ length: dayOf(until) - dayOf(from) }, (_, day) => writtenDay(dayOf(from) + day));

const recent = days(askedSince, '2026-11-01');
const former = days('2022-09-01', askedSince);

export function drawRecentDay(dice: Dice): string {
  return dice.pick(recent);
}

export function drawFormerDay(dice: Dice): string {
  return dice.pick(former);
}
