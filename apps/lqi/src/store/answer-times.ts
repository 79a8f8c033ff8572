// How many queries left this holder each day, and how long they took: counts alone, of all kinds of answers together.
import type { Knex } from 'knex';

const day = 86_400_000;

export interface AnswerTimes {
  /** Of days since the first that was asked for: how many queries had their answer, or refusal, on it. */
  readonly perDay: readonly number[];
  /** Of those, how many took up to each of the limits, and, last, longer. */
  readonly byTime: readonly number[];
}

/** What ends a holder's part of a query: of sets that is the last thing it tells. */
const endings = ['answer', 'refusal', 'tokens'];

/** Of the UTC days from `firstDay` (days since 1970) to the day of `now`. `limits`: milliseconds, ascending. */
export async function answerTimes(
  knex: Knex,
  { firstDay, now, limits }: { readonly firstDay: number; readonly now: number; readonly limits: readonly number[] },
): Promise<AnswerTimes> {
  const rows: unknown = await knex('disclosures')
    .where('kept_until', '>', now)
    .where('at', '>=', firstDay * day)
    .whereIn('kind', endings)
    .groupBy('day', 'bin')
    .select(
      knex.raw(`at / ${day} as day`),
      knex.raw(binOf(limits.length), [...limits]),
      knex.raw('count(*) as queries'),
    );
  const perDay = Array.from({ length: Math.floor(now / day) - firstDay + 1 }, () => 0);
  const byTime = Array.from({ length: limits.length + 1 }, () => 0);
  for (const row of rows as { day: number; bin: number; queries: number }[]) {
    const queries = Number(row.queries);
    const index = Math.min(Number(row.day) - firstDay, perDay.length - 1);
    perDay[index] = (perDay[index] ?? 0) + queries;
    const bin = Number(row.bin);
    if (bin >= 0) byTime[bin] = (byTime[bin] ?? 0) + queries;
  }
  return { perDay, byTime };
}

/** -1: it is not known when that was asked. */
function binOf(limits: number): string {
  const upTo = Array.from({ length: limits }, (_, bin) => `when at - asked_at <= ? then ${bin}`);
  return `case when asked_at is null then -1 ${upTo.join(' ')} else ${limits} end as bin`;
}
