// The record that a holder releases, as bytes of one size: JSON of the released fields and nothing else of the row.

/** JSON padded with spaces to `size` bytes. `unfit`: too large, or a value that is neither text, number, date nor truth. */
export function recordBytes(
  releases: readonly string[],
  row: Readonly<Record<string, unknown>>,
  size: number,
): Buffer | 'unfit' {
  const record: [string, string | number | boolean | null][] = [];
  for (const name of releases) {
    const value = plain(Object.hasOwn(row, name) ? row[name] : null);
    if (value === undefined) return 'unfit';
    record.push([name, value]);
  }
  const text = JSON.stringify(Object.fromEntries(record));
  const length = Buffer.byteLength(text);
  if (length > size) return 'unfit';
  const bytes = Buffer.alloc(size, ' ');
  bytes.write(text);
  return bytes;
}

function plain(value: unknown): string | number | boolean | null | undefined {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value.isWellFormed() ? value : undefined;
  if (typeof value === 'boolean' || Number.isFinite(value)) return value as boolean | number;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date && !Number.isNaN(value.valueOf())) return value.toISOString();
  return undefined;
}
