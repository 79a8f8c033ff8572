// Days as whole numbers since 1970-01-01, so that sample records are drawn by plain addition and no time zone enters.

const millisecondsPerDay = 86_400_000;

/** The number of a day written yyyy-mm-dd. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / millisecondsPerDay;
}

/** A day's number, written yyyy-mm-dd. */
export function writtenDay(day: number): string {
  return new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
}
