// This organisation's share of the proof of how a query went, for the caseworker who asked it and for the administrator. It
// names nobody: neither the person, nor which holder said what.
import type { LookedInto } from '@anonymesh/courier';
import { makePart, readEntry } from '@anonymesh/evidence';
import type { QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { lateCode, type Query } from '../store/queries.js';
import { findReceipt } from '../store/receipts.js';

/** The last entry about a query, one or the other. */
const ends: readonly string[] = ['outcome', lateCode];

/** A node, or what is seen of it from its config file. */
export type Receipting = Pick<LookedInto, 'trust' | 'courier' | 'standing'>;

/**
 * Undefined while the query is open, and until a checkpoint has been signed since it ended. `before`: as the log was last
 * signed before then, in milliseconds since 1970, whether or not it had ended.
 */
export async function receiptOf(
  { trust, courier, standing }: Receipting,
  query: Query,
  before?: number,
): Promise<object | undefined> {
  const signed = trust.agreements.get(query.agreement);
  if (signed === undefined || query.outcome === null) return undefined;
  const part = await makePart(courier.store.knex, { query: query.id, askedAt: query.asked_at, opens: true }, before);
  if (part === undefined || (before === undefined && !part.entries.some(isEnd))) return undefined;
  return {
    type: 'anonymesh/receipt/v1',
    query: query.id,
    agreement: { content: signed.content, signatures: signed.signatures },
    statuses: (await standing.notice(courier.store.knex, signed.hash))?.statuses ?? [],
    manifest: query.manifest,
    ...(query.outcome_signed === null ? {} : { outcome: query.outcome_signed }),
    parts: [part],
    ...(await testimoniesAbout(courier.store.knex, query.id)),
  };
}

/** What all parties said to the auditor, once it has come. */
async function testimoniesAbout(knex: Knex, id: QueryId): Promise<object> {
  const row = await findReceipt(knex, id);
  return row === undefined ? {} : { testimonies: { signed: row.signed, sealed: row.sealed.split('\n') } };
}

function isEnd({ entry: text }: { readonly entry: string }): boolean {
  const entry = readEntry(text);
  return entry?.did === 'decided' && ends.includes(entry.what);
}
