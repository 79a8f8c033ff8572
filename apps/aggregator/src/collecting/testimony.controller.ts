// testimony: what a holder says about a query to the agreement's auditor. We keep it and cannot read it; it counts once,
// and only until the query's have been handed over.
import { looksLikeTestimony, Refusal, type BodyOf, type OpenedChunk } from '@anonymesh/protocol';
import { NODE, TOGETHER, type StoreNode, type Work } from '@anonymesh/courier';
import { testimony } from '@anonymesh/protocol-answering';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { lockQuery } from '../store/queries.js';
import { insertTestimony } from '../store/testimonies.js';
import { isHolderOf } from './holder-of.js';

@Controller()
export class TestimonyController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(testimony.name, TOGETHER)
  async take(@Payload() letter: OpenedChunk<BodyOf<typeof testimony>>, @Ctx() work: Work): Promise<void> {
    const { queryId, from, body, attachment } = letter;
    if (queryId === undefined) throw new Refusal('malformed');
    const signed = this.#node.trust.agreements.get(body.agreement);
    if (signed === undefined || !isHolderOf(signed, from)) throw new Refusal('key-not-pinned');
    const sealed = attachment.toString('latin1');
    if (signed.content.auditor === undefined || !looksLikeTestimony(sealed, queryId, signed.content, from.id))
      throw new Refusal('malformed');
    const query = await lockQuery(work.transaction, queryId);
    if (query === undefined) throw new Refusal('not-found');
    if (query.agreement !== body.agreement) throw new Refusal('query-differs');
    if (query.receipted) throw new Refusal('deadline-passed');
    if (!(await insertTestimony(work.transaction, { query_id: queryId, holder: from.id, sealed })))
      throw new Refusal('replayed');
  }
}
