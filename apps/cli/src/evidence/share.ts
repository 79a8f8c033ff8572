// This party's share of a receipt: its log's part, and what its store has of the signed papers. What may be shown to whom
// is the administrator's to know: an aggregator's share has the holders' masked words, and is for the auditor.
import { entriesAbout, makePart, readEntry } from '@anonymesh/evidence';
import { manifest, parseJson, type PartyKind, type QueryId } from '@anonymesh/protocol';
import { receipt, type Receipt } from '@anonymesh/receipts';
import type { VerifiedEntry } from '@anonymesh/trust';
import type { Knex } from 'knex';
import { No } from '../telling/no.js';

/** Where nobody says when the query was asked: so long before this party first heard of it, in milliseconds. */
const usuallyHeardWithin = 3_600_000;

type Papers = Partial<Pick<Receipt, 'manifest' | 'outcome'>> & {
  readonly words?: readonly string[];
};

/** The log of a party in its store, and whose it is. */
export interface Kept extends Pick<VerifiedEntry, 'kind' | 'id'> {
  readonly knex: Knex;
}

/** `manifestElsewhere`: from another party's share, for the time of the asking. `before`: as the log was signed then. */
export async function shareOf(
  { knex, kind, id }: Kept,
  query: QueryId,
  manifestElsewhere: string | undefined,
  before: number | undefined,
): Promise<Receipt> {
  const { words = [], ...papers } = await papersOf(knex, kind, query);
  const askedAt = timeIn(papers.manifest ?? manifestElsewhere) ?? (await heardAt(knex, query, id)) - usuallyHeardWithin;
  const part = await makePart(knex, { query, askedAt, opens: true }, before);
  // Without the entry of its end the log would seem to contradict the outcome.
  const isBound = before !== undefined || papers.outcome === undefined || part?.entries.some(isOutcome) === true;
  if (part === undefined || !isBound) throw new No('refused', `${id} has signed no checkpoint since then`);
  return receipt.parse({ type: 'anonymesh/receipt/v1', query, ...papers, words, parts: [part] });
}

async function papersOf(knex: Knex, kind: PartyKind, query: QueryId): Promise<Papers> {
  if (kind !== 'coordinator' && kind !== 'aggregator') return {};
  const row = await knex<QueryRow>('queries').where({ id: query }).first();
  if (row === undefined) return {};
  if (kind === 'coordinator') return { manifest: row.manifest };
  const words = await knex('words').where({ query_id: query }).pluck<string[]>('signed');
  return { words, ...(row.outcome === null ? {} : { outcome: row.outcome }) };
}

function isOutcome({ entry: text }: { readonly entry: string }): boolean {
  const entry = readEntry(text);
  return entry?.did === 'decided' && entry.what === 'outcome';
}

function timeIn(jws: string | undefined): number | undefined {
  const payload = Buffer.from(jws?.split('.')[1] ?? '', 'base64url');
  return manifest.safeParse(parseJson(payload)).data?.issuedAt;
}

async function heardAt(knex: Knex, query: QueryId, party: string): Promise<number> {
  const [first] = await entriesAbout(knex, query);
  const at = first && readEntry(first.text)?.at;
  if (at === undefined) throw new No('refused', `the log of ${party} has no entry on this query: say --beside`);
  return at;
}

/** What the stores of coordinator and aggregator have in common, as far as it is read here. */
interface QueryRow {
  id: QueryId;
  manifest: string;
  /** At the aggregator, signed. */
  outcome: string | null;
}
