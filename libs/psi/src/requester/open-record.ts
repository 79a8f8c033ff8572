// The requester opens what a set query released to it: records of the fields that the agreement names, of holders that
// only they can have sealed.
import { parseJson } from '@anonymesh/protocol';
import { type RecordKeys, unsealRecord } from '../holder/sealed-record.js';

export type RecordValue = string | number | boolean | null;
export type OpenedRecord = Readonly<Record<string, RecordValue>>;

/**
 * A released record → its fields, by `releases` of its holder's terms. undefined where it does not open by these keys, or
 * is not a record of exactly these fields.
 */
export function openRecord(
  keys: RecordKeys,
  releases: readonly string[],
  sealed: { readonly salt: Uint8Array; readonly inner: Uint8Array },
): OpenedRecord | undefined {
  if (sealed.salt.length !== 16) return undefined;
  const bytes = unsealRecord(keys, sealed.salt, sealed.inner);
  return bytes === undefined ? undefined : recordOf(bytes, releases);
}

function recordOf(bytes: Buffer, releases: readonly string[]): OpenedRecord | undefined {
  const parsed = parseJson(bytes);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const fields = Object.entries(parsed);
  if (fields.length !== releases.length || !fields.every(([name]) => releases.includes(name))) return undefined;
  return fields.every(([, value]) => isValue(value)) ? Object.fromEntries(fields) : undefined;
}

function isValue(value: unknown): value is RecordValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
