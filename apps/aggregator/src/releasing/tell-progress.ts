// progress: how many holders have answered, for queries that stay open longer than a second. Never who.
import { progress, soleParty, type Agreement } from '@anonymesh/protocol';
import type { Work } from '@anonymesh/courier';
import type { Word } from '../combining/decide.js';
import { saveHeard, type Query } from '../store/queries.js';

/** Milliseconds. Most queries are decided before, and then nobody needs to be told how far they are. */
export const tellAfter = 1000;

export async function tellProgress(
  work: Work,
  query: Query,
  agreement: Agreement,
  words: readonly Word[],
  now: number,
): Promise<void> {
  if (words.length <= query.heard || now - query.expected_at < tellAfter) return;
  await saveHeard(work.transaction, query.id, words.length);
  const answered = words.filter(({ kind }) => kind === 'answer').length;
  work.post(progress, { to: soleParty(agreement, 'coordinator'), queryId: query.id, body: { answered } });
}
