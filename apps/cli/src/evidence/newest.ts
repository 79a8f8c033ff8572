// The entries of a log that somebody wants to see: those about a query, or the newest.
import { entriesAbout, readEntries, readEntry, type Entry } from '@anonymesh/evidence';
import type { Knex } from 'knex';

export async function entriesToShow(knex: Knex, query: string | undefined, last: number): Promise<Entry[]> {
  if (query !== undefined) return (await entriesAbout(knex, query)).flatMap(({ text }) => readEntry(text) ?? []);
  const [row] = await knex('evidence_head').select<{ size: number }[]>('size');
  const from = Math.max(0, (row?.size ?? 0) - last);
  return (await readEntries(knex, { from, limit: last })).flatMap(({ text }) => readEntry(text) ?? []);
}

/** What it did, what it was, with whom, and about which query. */
export function cellsOf(entry: Entry): string[] {
  if (entry.did === 'counted') return ['counted', `${entry.queries} queries`, '', ''];
  const party = entry.did === 'decided' ? '' : entry.party;
  const refused = entry.did === 'received' && entry.refused !== undefined ? ` (refused: ${entry.refused})` : '';
  return [entry.did, `${entry.what}${refused}`, party, entry.query ?? ''];
}
