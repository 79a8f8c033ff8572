// exchange: takes a chunk of a list that goes round the ring, ours or another holder's. It is only looked at from outside
// and kept here; the points in it are multiplied later, outside of the transaction.
import { deadlinesOf, Refusal } from '@anonymesh/protocol';
import { exchange } from '@anonymesh/protocol-asking';
import { NotYet, type Work } from '@anonymesh/courier';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { LQI, type Lqi } from '../lqi.js';
import { judgeChunk, type ChunkLetter } from '../matching/exchanging/judge-chunk.js';
import { storeChunk } from '../store/chunks.js';
import { lockSetQuery } from '../store/set-queries.js';
import { isSubquery } from '../store/subqueries.js';

@Controller()
export class ExchangeController {
  readonly #lqi: Lqi;

  constructor(@Inject(LQI) lqi: Lqi) {
    this.#lqi = lqi;
  }

  @MessagePattern(exchange.name)
  async take(@Payload() letter: ChunkLetter, @Ctx() work: Work): Promise<void> {
    const { holder, sets } = this.#lqi;
    const { queryId = '', body, attachment, chunk } = letter;
    const query = await lockSetQuery(work.transaction, queryId);
    if (query === undefined) return this.#comesEarly(letter, work);
    if (query.state !== 'open') throw new Refusal('deadline-passed');
    const code = judgeChunk(letter, query, holder.trust.agreements.get(query.agreement), holder.id);
    if (code !== undefined) throw new Refusal(code);
    const { owner, points } = body;
    const stored = await storeChunk(work.transaction, { query_id: queryId, owner, chunk, points, bytes: attachment });
    if (stored === 'known') return;
    if (stored === 'stored') work.afterwards(() => sets.wake(queryId));
    // Who sends two versions of a chunk tries which people are on our list.
    else await sets.refuse(work, query, 'chunk-differs');
  }

  /** It may have overtaken its query's dispatch; but not one that we refused, or that would be over by now. */
  async #comesEarly({ queryId = '', body, issuedAt, from }: ChunkLetter, work: Work): Promise<never> {
    const signed = this.#lqi.holder.trust.agreements.get(body.agreement);
    if (signed === undefined || !signed.isParty(from)) throw new Refusal('key-not-pinned');
    if (deadlinesOf({ issuedAt }, signed.content).answers <= Date.now()) throw new Refusal('deadline-passed');
    if (await isSubquery(work.transaction, queryId)) throw new Refusal('query-differs');
    throw new NotYet();
  }
}
