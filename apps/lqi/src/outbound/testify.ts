// Testifies to each query that is over, where the agreement names an auditor: what this holder's log shows of it, and its
// word, sealed to the auditor. A testimony leaves in one size and after the query's deadline, whatever was said and when,
// so that nobody on its way learns anything by it; that it left is in the disclosure log.
import { sealTestimony, type PartMaker, type Testimony } from '@anonymesh/evidence';
import { keepTestifying, type StoreNode, type Work } from '@anonymesh/courier';
import { soleParty, type Agreement, type PartyId, type QueryId } from '@anonymesh/protocol';
import { testimony } from '@anonymesh/protocol-answering';
import { loggable, type Closer } from '@anonymesh/runtime';
import type { SignedAgreement } from '@anonymesh/trust';
import { disclose, testimonyDisclosureOf } from './disclose.js';
import { findWords, keepWord, markTestified, queriesToTestify, type Ended } from '../store/testimonies.js';

const day = 86_400_000;

/** Keeps what was said until it is testified to. `keptUntil`: as of the query; milliseconds since 1970. */
export function keepForAuditor(
  work: Pick<Work, 'transaction' | 'atEnd'>,
  { auditor }: Agreement,
  word: { readonly queryId: QueryId; readonly signed: Promise<string>; readonly keptUntil: number },
): void {
  const { queryId: query_id, signed, keptUntil: kept_until } = word;
  if (auditor === undefined) return;
  work.atEnd(
    `word ${query_id}`,
    async () => void (await keepWord(work.transaction, { query_id, signed: await signed, kept_until })),
  );
}

export function testifyAtLeisure(node: Pick<StoreNode, 'courier' | 'log' | 'trust'>): Closer {
  const { courier, log } = node;
  return keepTestifying<Ended>(node, {
    name: 'testifying',
    due: ({ signed: { hash, content }, until, except, limit }) => {
      const keptUntil = until + content.retentionDays * day;
      return queriesToTestify(courier.store.knex, { agreement: hash, keptUntil, except }, limit);
    },
    idOf: ({ query_id }) => query_id,
    testify: async (signed, queries, parts) => {
      const sealed = await sealAll(courier, signed.content, queries, parts);
      await courier.transact((work) => postAll(work, courier.self.id, signed, sealed));
    },
    failed: (error, query) =>
      log.fault('testimony.failed', error, query === undefined ? {} : { query: loggable.queryId(query) }),
  });
}

interface Sealed {
  readonly query: Ended;
  readonly sealed: string;
}

async function sealAll(
  { store, self }: StoreNode['courier'],
  agreement: Agreement,
  queries: readonly Ended[],
  parts: PartMaker,
): Promise<Sealed[]> {
  const words = await findWords(store.knex, queries);
  const all: { readonly query: Ended; readonly said: Testimony }[] = [];
  for (const query of queries) {
    const word = words.get(query.query_id);
    const part = await parts.make({ query: query.query_id, askedAt: askedBefore(query, agreement), opens: true });
    all.push({ query, said: { words: word === undefined ? [] : [word], part } });
  }
  const { signing } = self.keyring;
  const sealing = all.map(async ({ query, said }) => {
    const about = { self: self.id, signing, query: query.query_id, agreement };
    return { query, sealed: await sealTestimony(about, said) };
  });
  return Promise.all(sealing);
}

async function postAll(work: Work, self: PartyId, signed: SignedAgreement, all: readonly Sealed[]): Promise<void> {
  const to = soleParty(signed.content, 'aggregator');
  for (const { query, sealed } of all) {
    if (!(await markTestified(work.transaction, query))) continue;
    disclose(work, testimonyDisclosureOf(query, self, signed));
    const attached = { attachment: Buffer.from(sealed, 'ascii'), chunk: 0 };
    work.post(testimony, { to, queryId: query.query_id, body: { agreement: signed.hash }, ...attached });
  }
}

/** Not after it was asked. Of one that was refused as it came, it is known that its time was not over. */
function askedBefore({ state, kept_until }: Ended, { deadlineSeconds, retentionDays }: Agreement): number {
  const asked = kept_until - retentionDays * day - deadlineSeconds * 1000;
  return state === 'refused' ? asked - deadlineSeconds * 1000 : asked;
}
