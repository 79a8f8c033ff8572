// ask: admits a query, keeps it, and splits it: each holder gets its own sealed part and no other.
import {
  ask,
  dispatch,
  expect,
  limitsOf,
  Refusal,
  soleParty,
  verifyManifest,
  type BodyOf,
  type Opened,
  type ReplyOf,
} from '@anonymesh/protocol';
import { forgetUses } from '@anonymesh/store';
import { NODE, standingOf, TOGETHER, type StoreNode, type Work } from '@anonymesh/courier';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { findQuery, insertQuery, type Query } from '../store/queries.js';
import { admit } from './admit.js';
import { countAsked } from './count-asked.js';
import { maskKeysInForce } from './mask-keys.js';
import { queryOf } from './query-of.js';

@Controller()
export class AskController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(ask.name, TOGETHER)
  async admit(@Payload() letter: Opened<BodyOf<typeof ask>>, @Ctx() work: Work): Promise<ReplyOf<typeof ask>> {
    const { directory, agreements } = this.#node.trust;
    const { body, queryId, from } = letter;
    const now = Date.now();
    const verified = verifyManifest(body.manifest, (kid) => directory.signer(kid, now));
    if (typeof verified === 'string') throw new Refusal(verified);
    const named = agreements.get(verified.manifest.agreement);
    const admitted = admit({ body, queryId, sender: from.id, verified }, named, now);
    if (typeof admitted === 'string') throw new Refusal(admitted);
    const { asked, signed } = admitted;
    const maskKeys = maskKeysInForce(signed, directory, now);
    if (maskKeys === undefined) throw new Refusal('key-not-pinned');
    const query: Query = { ...queryOf(verified.queryId, body.manifest, asked), slip: body.slip ?? null };
    await this.#requireForce(work, verified.queryId, signed.hash);
    const counters = limitsOf(signed.content, query.requester);
    const use = { id: query.id, at: now, keptUntil: query.kept_until, counters };
    const counted = await countAsked(work.transaction, use);
    if (typeof counted === 'object') throw new Refusal(counted.over.code);
    const inserted = await insertQuery(work.transaction, query);
    if (inserted === 'taken') {
      if (counted === 'new') await forgetUses(work.transaction, [query.id]);
      throw new Refusal('lookup-taken');
    }
    if (inserted === 'new') this.#split(letter, query, signed.content, maskKeys, work);
    return { admitted: true };
  }

  /** What was admitted before is so still: who asks again has only missed the answer. */
  async #requireForce({ transaction }: Work, queryId: string, hash: string): Promise<void> {
    const { standing } = await standingOf(this.#node.standing, transaction, hash);
    if (standing !== 'in-force' && (await findQuery(transaction, queryId)) === undefined)
      throw new Refusal('agreement-not-in-force');
  }

  #split(
    { body }: Opened<BodyOf<typeof ask>>,
    query: Query,
    agreement: Parameters<typeof soleParty>[0],
    maskKeys: Record<string, string>,
    work: Work,
  ): void {
    for (const { holder, sealed } of body.parts)
      work.post(dispatch, { to: holder, queryId: query.id, body: { manifest: body.manifest, part: sealed, maskKeys } });
    const to = soleParty(agreement, 'aggregator');
    work.post(expect, { to, queryId: query.id, body: { manifest: body.manifest } });
  }
}
