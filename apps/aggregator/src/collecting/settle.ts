// Settles a query if it can be: reads the words that count, decides, and releases the outcome, all in one transaction.
import type { StoreNode, Work } from '@anonymesh/courier';
import { loggable } from '@anonymesh/runtime';
import { decide } from '../combining/decide.js';
import { releaseOutcome } from '../releasing/release-outcome.js';
import { tellProgress } from '../releasing/tell-progress.js';
import type { Query } from '../store/queries.js';
import { findWords, readWord } from '../store/words.js';

/** Looks whether a query can be settled; `watching`: and if not, tells how far it is. The row is locked, or new. */
export async function settle(node: StoreNode, work: Work, query: Query, watching = false): Promise<void> {
  const signed = node.trust.agreements.get(query.agreement);
  if (query.state !== 'open' || signed === undefined) return;
  const words = (await findWords(work.transaction, query)).map(readWord);
  const now = Date.now();
  const decision = decide(signed.content, words, query.due <= now);
  if (decision === undefined) {
    if (watching) await tellProgress(work, query, signed.content, words, now);
    return;
  }
  await releaseOutcome(node, work, query, signed, decision);
  const { answered, code } = decision;
  const milliseconds = now - query.expected_at;
  node.log.info('query.decided', {
    query: loggable.queryId(query.id),
    answered,
    code: loggable.code(code),
    milliseconds,
  });
}
