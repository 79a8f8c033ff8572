// This organisation's share of the proof of how a query went, for the caseworker who asked it. It names nobody: neither the
// person, nor which holder said what.
import type { StoreNode } from '@anonymesh/courier';
import { makePart, readEntry } from '@anonymesh/evidence';
import type { QueryId } from '@anonymesh/protocol';
import type { Knex } from 'knex';
import { lateCode, type Query } from '../store/queries.js';
import { findReceipt } from '../store/receipts.js';

/** The last entry about a query, one or the other. */
const ends: readonly string[] = ['outcome', lateCode];

/** Undefined while the query is open, and until a checkpoint has been signed since it ended. */
export async function receiptOf({ trust, courier, standing }: StoreNode, query: Query): Promise<object | undefined> {
  const signed = trust.agreements.get(query.agreement);
  if (signed === undefined || query.outcome === null) return undefined;
  const part = await makePart(courier.store.knex, { query: query.id, askedAt: query.asked_at, opens: true });
  if (part === undefined || !part.entries.some(isEnd)) return undefined;
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
