// A value as a database's driver gives it → the canonical text that all holders must come to alike.
import { canonicalText, type FieldFormat } from '@anonymesh/protocol';

/** A day, written as the midnight that begins it. */
const midnight = /^(\d{4}-\d\d-\d\d)[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00(?::?00)?)?$/;

/**
 * Canonical text; '' where there is no value; undefined where the value is not of the format. A Date is a day only at
 * midnight UTC: in a time zone of its own it might be the day before.
 */
export function canonicalField(format: FieldFormat, raw: unknown): string | undefined {
  const text = textOf(raw);
  if (text === undefined || text.trim() === '') return text?.trim();
  if (format !== 'date') return canonicalText(format, text);
  return canonicalText(format, midnight.exec(text.trim())?.[1] ?? text);
}

function textOf(raw: unknown): string | undefined {
  if (raw === undefined || raw === null) return '';
  if (typeof raw === 'string') return raw;
  if (typeof raw === 'bigint' || Number.isSafeInteger(raw)) return `${raw as bigint | number}`;
  if (raw instanceof Date && !Number.isNaN(raw.valueOf())) return raw.toISOString();
  return undefined;
}
