// Released records as a table (RFC 4180), for spreadsheets. A value that a spreadsheet would run as a formula is quoted so
// that it stays text: holders' records hold what anybody once typed.
import { stringify } from 'csv-stringify/sync';
import type { RecordList } from './record-list.js';

/** One column for each field that any record has, in the order in which they appear; the holder's name first. */
export function csvOf(records: RecordList['records']): string {
  const fields = [...new Set(records.flatMap((record) => Object.keys(record.fields)))];
  const rows = records.map((record) => [record.holderName, ...fields.map((field) => record.fields[field] ?? '')]);
  return stringify([['holder', ...fields], ...rows], {
    escape_formulas: true,
    quoted_match: /[\r\n]/,
    record_delimiter: 'windows',
    cast: { boolean: (value) => String(value) },
  });
}
