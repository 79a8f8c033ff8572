// answer and refusal: a holder's word, kept by query ID. It may come before the query is expected, and is then kept no
// longer than it may yet be; it counts only if the agreement names the holder.
import { clockTolerance, deadlinesOf, Refusal, type BodyOf, type Opened } from '@anonymesh/protocol';
import { NODE, NotYet, TOGETHER, type StoreNode, type Work } from '@anonymesh/courier';
import { answer, refusal } from '@anonymesh/protocol-answering';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { lockQuery } from '../store/queries.js';
import { countUnexpected, insertWord, type WordRow } from '../store/words.js';
import { isHolderOf } from './holder-of.js';
import { settle } from './settle.js';

/** Words of one holder on queries of which nobody has told us. Where there are as many, others come again later. */
const mostUnexpected = 10_000;

@Controller()
export class AnswerController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(answer.name, TOGETHER)
  async takeAnswer(@Payload() letter: Opened<BodyOf<typeof answer>>, @Ctx() work: Work): Promise<void> {
    await this.#keep(letter, 'answer', work);
  }

  @MessagePattern(refusal.name, TOGETHER)
  async takeRefusal(@Payload() letter: Opened<BodyOf<typeof refusal>>, @Ctx() work: Work): Promise<void> {
    await this.#keep(letter, 'refusal', work);
  }

  async #keep(letter: Opened<{ readonly agreement: string }>, kind: WordRow['kind'], work: Work): Promise<void> {
    const { queryId, from, jws, enclosure, body } = letter;
    if (queryId === undefined) throw new Refusal('malformed');
    const signed = this.#node.trust.agreements.get(body.agreement);
    if (signed === undefined || !isHolderOf(signed, from)) throw new Refusal('key-not-pinned');
    // To a set query holders answer with tokens.
    if (kind === 'answer' && signed.content.kind === 'set') throw new Refusal('query-differs');
    const query = await lockQuery(work.transaction, queryId);
    if (query !== undefined && query.state !== 'open') throw new Refusal('deadline-passed');
    const unexpected = query === undefined;
    if (unexpected && (await countUnexpected(work.transaction, from.id)) >= mostUnexpected) throw new NotYet();
    const { outcome, erasure } = deadlinesOf({ issuedAt: Date.now() }, signed.content);
    const inserted = await insertWord(work.transaction, {
      query_id: queryId,
      holder: from.id,
      agreement: body.agreement,
      kind,
      signed: jws,
      explanation: enclosure ?? null,
      unexpected,
      kept_until: unexpected ? outcome + clockTolerance : erasure,
    });
    if (!inserted) throw new Refusal('replayed');
    if (query !== undefined) work.atEnd(queryId, () => settle(this.#node, work, query));
  }
}
