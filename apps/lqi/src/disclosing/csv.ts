// The disclosure log as a table (RFC 4180), for spreadsheets, one part after another. What a spreadsheet would run as a
// formula is quoted so that it stays text: ids of queries and parties come from others.
import { stringify } from 'csv-stringify/sync';
import type { DisclosureView } from './disclosure-view.js';

const columns = [
  'at',
  'what',
  'query',
  'asked at',
  'asked by',
  'sent to',
  'agreement',
  'agreement version',
  'template',
  'template version',
  'template hash',
  'records',
  'refusal code',
] as const;

function rowOf(view: DisclosureView): Record<(typeof columns)[number], string | number | null> {
  return {
    at: view.at,
    what: view.kind,
    query: view.query,
    'asked at': view.askedAt,
    'asked by': view.requester,
    'sent to': view.recipient,
    agreement: view.agreement.id,
    'agreement version': view.agreement.version,
    template: view.template.id,
    'template version': view.template.version,
    'template hash': view.template.hash,
    records: view.records,
    'refusal code': view.code,
  };
}

/** The rows as they come, so that a log of years need not fit into memory; the head with the first of them. */
export async function* csvOf(parts: AsyncIterable<readonly DisclosureView[]>): AsyncGenerator<string> {
  let head = table([[...columns]]);
  for await (const views of parts) {
    yield head + table(views.map((view) => Object.values(rowOf(view))));
    head = '';
  }
  if (head !== '') yield head;
}

function table(rows: readonly (readonly unknown[])[]): string {
  return stringify([...rows] as unknown[][], {
    escape_formulas: true,
    quoted_match: /[\r\n]/,
    record_delimiter: 'windows',
  });
}
