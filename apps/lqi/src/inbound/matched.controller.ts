// matched: the aggregator tells that a set query has ended, or which of our own records matched, where people decide what
// is released of them. Only the aggregator that the agreement pins is believed, and it has to prove each match.
import { Refusal, type BodyOf, type OpenedChunk } from '@anonymesh/protocol';
import { matched } from '@anonymesh/protocol-answering';
import type { Work } from '@anonymesh/courier';
import { isOfKind } from '@anonymesh/trust';
import { loggable } from '@anonymesh/runtime';
import { proofBytes, tokenShape } from '@anonymesh/psi';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { LQI, type Lqi } from '../lqi.js';
import { closeSetQuery } from '../store/close-set-query.js';
import { advanceSetQuery, lockSetQuery } from '../store/set-queries.js';

@Controller()
export class MatchedController {
  readonly #lqi: Lqi;

  constructor(@Inject(LQI) lqi: Lqi) {
    this.#lqi = lqi;
  }

  @MessagePattern(matched.name)
  async take(@Payload() letter: OpenedChunk<BodyOf<typeof matched>>, @Ctx() work: Work): Promise<void> {
    const { holder, sets, node } = this.#lqi;
    const { queryId = '', body, from, attachment } = letter;
    const query = await lockSetQuery(work.transaction, queryId);
    const signed = holder.trust.agreements.get(body.agreement);
    if (signed === undefined || !signed.isParty(from)) throw new Refusal('key-not-pinned');
    if (!isOfKind(signed, 'set') || (query !== undefined && query.agreement !== signed.hash))
      throw new Refusal('query-differs');
    if (query?.state !== 'open') return; // it has ended here already, or never began
    if (body.word !== 'approve') {
      await closeSetQuery(work.transaction, queryId, 'ended');
      node.log.info('set.ended', { query: loggable.queryId(queryId), word: loggable.code(body.word) });
      work.afterwards(() => sets.stop(queryId));
      return;
    }
    const { release, limits } = signed.content;
    const bytes = body.records * proofBytes(tokenShape(signed.content));
    if (release !== 'on-approval' || body.records > limits.matches.most || attachment.length < bytes)
      throw new Refusal('malformed');
    const change = { stage: 'approving', matched: attachment.subarray(0, bytes) } as const;
    if (!(await advanceSetQuery(work.transaction, queryId, { stage: 'combining', matched: null }, change)))
      throw new Refusal('query-differs');
    work.afterwards(() => sets.wake(queryId));
  }
}
