// This organisation's share of the proof of how a query went, for the caseworker who asked it. It names nobody: neither the
// person, nor which holder said what.
import type { StoreNode } from '@anonymesh/courier';
import { makePart, readEntry } from '@anonymesh/evidence';
import { lateCode, type Query } from '../store/queries.js';

/** The last entry about a query, one or the other. */
const ends: readonly string[] = ['outcome', lateCode];

/** Undefined while the query is open, and until a checkpoint has been signed since it ended. */
export async function receiptOf({ trust, courier }: StoreNode, query: Query): Promise<object | undefined> {
  const signed = trust.agreements.get(query.agreement);
  if (signed === undefined || query.outcome === null) return undefined;
  const part = await makePart(courier.store.knex, { query: query.id, askedAt: query.asked_at, opens: true });
  if (part === undefined || !part.entries.some(isEnd)) return undefined;
  return {
    type: 'anonymesh/receipt/v1',
    query: query.id,
    agreement: { content: signed.content, signatures: signed.signatures },
    manifest: query.manifest,
    ...(query.outcome_signed === null ? {} : { outcome: query.outcome_signed }),
    parts: [part],
  };
}

function isEnd({ entry: text }: { readonly entry: string }): boolean {
  const entry = readEntry(text);
  return entry?.did === 'decided' && ends.includes(entry.what);
}
