// Settles a query if it can be: reads the words that count, decides, and releases the outcome, all in one transaction.
import type { StoreNode, Work } from '@anonymesh/courier';
import { decide } from '../combining/decide.js';
import { settleSet } from '../matching/settle-set.js';
import { releaseOutcome } from '../releasing/release-outcome.js';
import { tellProgress } from '../releasing/tell-progress.js';
import { lockQuery, type Query } from '../store/queries.js';
import { findWords, keepWords, readWord } from '../store/words.js';

/** Looks whether a query can be settled; `watching`: and if not, tells how far it is. The row is locked, or new. */
export async function settle(node: StoreNode, work: Work, query: Query, watching = false): Promise<void> {
  const signed = node.trust.agreements.get(query.agreement);
  if (query.state !== 'open' || signed === undefined) return;
  // It may have been taken back since, by another letter of the same batch.
  if ((await lockQuery(work.transaction, query.id))?.state !== 'open') return;
  const { content } = signed;
  if (content.kind === 'set') return settleSet(work, query);
  const rows = await findWords(work.transaction, query);
  const words = rows.map(readWord);
  const now = Date.now();
  const decision = decide(content, words, query.due <= now);
  if (decision === undefined) {
    if (watching) await tellProgress(work, query, content, words, now);
    return;
  }
  // Not when it is expected: another copy may have taken them in that moment, and known of no query.
  if (rows.some(({ unexpected }) => unexpected)) await keepWords(work.transaction, query);
  await releaseOutcome(node, work, query, signed, decision);
}
