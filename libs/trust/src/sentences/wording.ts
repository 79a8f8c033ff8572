// Lists, numbers and lengths of time, as sentences say them: exactly, so that no two that differ read alike.

export function list(words: readonly string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : (words[0] ?? 'nothing');
}

/** 20000 → `20,000`. */
export function number(count: number): string {
  return count.toLocaleString('en-GB');
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Whole seconds: 5400 → `1 hour and 30 minutes`. */
export function duration(seconds: number): string {
  let left = seconds;
  const words = units.flatMap(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [`${number(count)} ${unit}${count === 1 ? '' : 's'}`];
  });
  return words.length === 0 ? 'no time' : list(words);
}

export function days(count: number): string {
  return duration(count * 86_400);
}
