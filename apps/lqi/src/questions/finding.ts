// What the rows of a template's run mean: one boolean, and the reason for it. Anything else than the agreed shape is
// unfit, and never a `no`.
import type { CheckTemplate } from '@anonymesh/trust';

export interface Finding {
  readonly concern: boolean;
  /** In plain words, from the template's closed list; empty where there is no concern. */
  readonly reason: string;
}

type Row = Readonly<Record<string, unknown>>;

export function findingOf(template: CheckTemplate, rows: readonly Row[]): Finding | 'unfit' {
  const [row, ...others] = rows;
  if (template.answer === 'exists') return finding(template, row !== undefined, row);
  const concern = row === undefined || others.length > 0 ? undefined : asBoolean(row['concern']);
  return concern === undefined ? 'unfit' : finding(template, concern, row);
}

function finding({ reason, reasons }: CheckTemplate, concern: boolean, row: Row | undefined): Finding | 'unfit' {
  if (!concern) return { concern, reason: '' };
  const code = row?.['reason'] ?? reason;
  const words = typeof code === 'string' && Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return words === undefined ? 'unfit' : { concern, reason: words };
}

/** SQLite and MySQL have no booleans: 0 and 1 stand for them. */
function asBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === 1n) return true;
  return value === 0 || value === 0n ? false : undefined;
}
