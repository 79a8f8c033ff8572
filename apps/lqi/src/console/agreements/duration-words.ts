// A length of time as people say it.
const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Whole units, the two largest: 90 → `1 minute and 30 seconds`. */
export function durationWords(seconds: number): string {
  let left = Math.round(seconds);
  const words: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
  }
  return words.length === 0 ? 'no time' : words.slice(0, 2).join(' and ');
}
