// Testifies to each query that is over, where the agreement names an auditor: what this holder's log shows of it, and its
// word, sealed to the auditor. A testimony leaves in one size and after the query's deadline, whatever was said and when,
// so that nobody on its way learns anything by it.
import { countersigned, openPartMaker, sealTestimony, type PartMaker, type Testimony } from '@anonymesh/evidence';
import type { StoreNode, Work } from '@anonymesh/courier';
import { soleParty, type Agreement, type QueryId } from '@anonymesh/protocol';
import { testimony } from '@anonymesh/protocol-answering';
import { atLeisure, type Closer } from '@anonymesh/runtime';
import type { SignedAgreement } from '@anonymesh/trust';
import { findWords, keepWord, markTestified, queriesToTestify, type Ended } from '../store/testimonies.js';

const atOnce = 20;
const every = 1000;
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
  const { knex } = courier.store;
  let maker: { readonly size: number; readonly parts: PartMaker } | undefined;

  const portion = async () => {
    const bound = await countersigned(knex);
    if (bound === undefined) return false;
    // Where nothing has come since the checkpoint was signed, it says as much as one of now.
    const until = bound.isLast ? Date.now() : bound.signedAt;
    if (maker?.size !== bound.size) maker = { size: bound.size, parts: openPartMaker(knex, bound) };
    const { parts } = maker;
    for (const signed of node.trust.agreements.values()) {
      if (!isAudited(signed, courier.self.id)) continue;
      const over = until + signed.content.retentionDays * day;
      const ended = await queriesToTestify(knex, signed.hash, over, atOnce);
      if (ended.length === 0) continue;
      const sealed = await sealAll(signed.content, ended, parts);
      await courier.transact((work) => postAll(work, signed, sealed));
      return true;
    }
    maker = undefined;
    return false;
  };

  async function sealAll(agreement: Agreement, ended: readonly Ended[], parts: PartMaker) {
    const words = await findWords(knex, ended);
    const { id: self, keyring } = courier.self;
    const all: { readonly query: Ended; readonly said: Testimony }[] = [];
    for (const query of ended) {
      const word = words.get(query.query_id);
      const part = await parts.make({ query: query.query_id, askedAt: askedBefore(query, agreement), opens: true });
      all.push({ query, said: { words: word === undefined ? [] : [word], part } });
    }
    const { signing } = keyring;
    const sealing = all.map(async ({ query, said }) => {
      const about = { self, signing, query: query.query_id, agreement };
      return { query, sealed: await sealTestimony(about, said) };
    });
    return Promise.all(sealing);
  }

  async function postAll(
    work: Work,
    { hash, content }: SignedAgreement,
    all: readonly { readonly query: Ended; readonly sealed: string }[],
  ): Promise<void> {
    const to = soleParty(content, 'aggregator');
    for (const { query, sealed } of all) {
      if (!(await markTestified(work.transaction, query))) continue;
      const attached = { attachment: Buffer.from(sealed, 'ascii'), chunk: 0 };
      work.post(testimony, { to, queryId: query.query_id, body: { agreement: hash }, ...attached });
    }
  }

  return atLeisure({
    name: 'testifying',
    every,
    portion,
    failed: (error) => log.fault('testimony.failed', error),
  });
}

function isAudited({ content, pinned }: SignedAgreement, self: string): boolean {
  const { auditor, holders } = content;
  return auditor !== undefined && holders.some(({ id }) => id === self) && pinned(self) !== undefined;
}

/** Not after it was asked. Of one that was refused as it came, it is known that its time was not over. */
function askedBefore({ state, kept_until }: Ended, { deadlineSeconds, retentionDays }: Agreement): number {
  const asked = kept_until - retentionDays * day - deadlineSeconds * 1000;
  return state === 'refused' ? asked - deadlineSeconds * 1000 : asked;
}
