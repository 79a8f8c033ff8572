// Lists and lengths of time, as sentences say them.

export function list(words: readonly string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : (words[0] ?? 'nothing');
}

export function duration(seconds: number): string {
  const [size, unit] = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ].find(([each]) => seconds % Number(each) === 0) as [number, string];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

export function days(count: number): string {
  return duration(count * 86_400);
}
