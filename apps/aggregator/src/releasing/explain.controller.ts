// explain: hands the portal a decided query's signed outcome and signed answers. What explains them is sealed to the
// portal and the reference: we keep it and cannot read it.
import { embargoOf, Refusal, type BodyOf, type Opened, type ReplyOf } from '@anonymesh/protocol';
import { NODE, type StoreNode, type Work } from '@anonymesh/courier';
import { explain } from '@anonymesh/protocol-answering';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { findQuery } from '../store/queries.js';
import { findWords } from '../store/words.js';

@Controller()
export class ExplainController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(explain.name)
  async explain(
    @Payload() letter: Opened<BodyOf<typeof explain>>,
    @Ctx() work: Work,
  ): Promise<ReplyOf<typeof explain>> {
    const query = letter.queryId === undefined ? undefined : await findQuery(work.transaction, letter.queryId);
    const agreement = query === undefined ? undefined : this.#node.trust.agreements.get(query.agreement);
    if (query === undefined || agreement?.isParty(letter.from) !== true) throw new Refusal('not-found');
    // Nobody is asked about, so there is nobody to explain it to.
    if (query.kind === 'set') throw new Refusal('not-found');
    // Of a query that was taken back nothing was concluded: there may be an older one to explain.
    if (query.outcome === null || query.state === 'retracted') throw new Refusal('not-decided');
    // As if it were not decided yet: the portal knows when it may be told, and to whom.
    if (Date.now() < (embargoOf(query.due, agreement.content) ?? 0)) throw new Refusal('not-decided');
    const words = await findWords(work.transaction, query);
    const answers = words.flatMap(({ signed, explanation }) => (explanation === null ? [] : [{ signed, explanation }]));
    return { outcome: query.outcome, answers };
  }
}
