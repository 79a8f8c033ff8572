// Hands over the testimonies about a query that is over: all holders' and our own, for the auditor, by way of the requester.
// There is one of everybody, whoever has testified, so that the requester learns of none by it; one that has not come in
// time is made up, and the auditor alone can tell, and is told.
import { sealNothing, sealTestimony, type PartMaker } from '@anonymesh/evidence';
import { relayReceipt, sha256Of, soleParty, testimoniesWaitedFor, witnessesOf } from '@anonymesh/protocol';
import { keepTestifying, type StoreNode, type Work } from '@anonymesh/courier';
import { receipt } from '@anonymesh/protocol-outcome';
import { loggable, type Closer } from '@anonymesh/runtime';
import type { SignedAgreement } from '@anonymesh/trust';
import type { Query } from '../store/queries.js';
import { markReceipted, queriesToReceipt, testimoniesOf } from '../store/testimonies.js';
import { findWords } from '../store/words.js';
import { sealFor, signFor } from './relay-to-requester.js';

const day = 86_400_000;

export function handOverAtLeisure(node: StoreNode): Closer {
  const { courier, log } = node;
  return keepTestifying<Query>(node, {
    name: 'receipts',
    due: ({ signed: { hash, content }, until, except, limit }) => {
      const kept = content.retentionDays * day;
      const wanted = { keptUntil: until + kept, overdue: Date.now() + kept - testimoniesWaitedFor, except };
      return queriesToReceipt(
        courier.store.knex,
        { agreement: hash, holders: content.holders.length, ...wanted },
        limit,
      );
    },
    idOf: ({ id }) => id,
    testify: async (signed, queries, parts) => {
      const all: { readonly query: Query; readonly sealed: readonly string[] }[] = [];
      for (const query of queries) all.push({ query, sealed: await testimoniesFor(node, query, signed, parts) });
      await courier.transact(async (work) => {
        for (const { query, sealed } of all) await post(node, work, query, signed, sealed);
      });
    },
    failed: (error, query) =>
      log.fault('receipts.failed', error, query === undefined ? {} : { query: loggable.queryId(query) }),
  });
}

/** In order of those who testify. */
async function testimoniesFor(
  { courier }: StoreNode,
  query: Query,
  { content: agreement }: SignedAgreement,
  parts: PartMaker,
): Promise<string[]> {
  const { id, kept_until } = query;
  const { store, self } = courier;
  const came = await testimoniesOf(store.knex, id);
  const words = (await findWords(store.knex, query)).map(({ signed }) => signed);
  const askedAt = kept_until - agreement.retentionDays * day - agreement.deadlineSeconds * 1000;
  const part = await parts.make({ query: id, askedAt, opens: true });
  const missing = agreement.holders.flatMap((holder) => (came.has(holder.id) ? [] : [holder.id]));
  const about = { self: self.id, signing: self.keyring.signing, query: id, agreement };
  const own = await sealTestimony(about, { words, part, missing });
  return witnessesOf(agreement).map((party) =>
    party === self.id ? own : (came.get(party) ?? sealNothing(id, agreement, party)),
  );
}

async function post(
  node: StoreNode,
  work: Work,
  query: Query,
  signed: SignedAgreement,
  testimonies: readonly string[],
): Promise<void> {
  if (!(await markReceipted(work.transaction, query.id))) return;
  const letter = await signFor(node, query, receipt, {
    agreement: signed.hash,
    testimonies: testimonies.map(sha256Of),
  });
  const body = sealFor(node, query, signed, receipt, letter);
  if (body === undefined) {
    const about = { query: loggable.queryId(query.id), code: loggable.code('key-not-pinned') };
    return node.log.warn('receipt.not-relayed', about);
  }
  const attached = { attachment: Buffer.from(testimonies.join('\n'), 'ascii'), chunk: 0 };
  work.post(relayReceipt, { to: soleParty(signed.content, 'coordinator'), queryId: query.id, body, ...attached });
}
