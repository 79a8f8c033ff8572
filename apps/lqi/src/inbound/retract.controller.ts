// retract: the requester takes its query back. What is open of it stops here: nothing is evaluated or sent any more, and
// what it needed is erased. One that has not come yet will not be taken up. What has left, has left.
import { Refusal, retract, type BodyOf, type Opened } from '@anonymesh/protocol';
import type { Work } from '@anonymesh/courier';
import { loggable } from '@anonymesh/runtime';
import { examineRetraction } from '@anonymesh/trust';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { LQI, type Lqi } from '../lqi.js';
import { retractSetQuery, retractSubquery } from '../store/retractions.js';

@Controller()
export class RetractController {
  readonly #lqi: Lqi;

  constructor(@Inject(LQI) lqi: Lqi) {
    this.#lqi = lqi;
  }

  @MessagePattern(retract.name)
  async take(@Payload() letter: Opened<BodyOf<typeof retract>>, @Ctx() work: Work): Promise<void> {
    const { holder, sets, questions, node } = this.#lqi;
    const { transaction } = work;
    const now = Date.now();
    const examined = examineRetraction(letter, holder.trust, now);
    if (typeof examined === 'string') throw new Refusal(examined);
    const { queryId, asked, signed } = examined;
    if (!signed.content.holders.some(({ id }) => id === holder.id)) throw new Refusal('not-for-you');
    const taken = { queryId, asked, coordinator: letter.from.id, now };
    const isCheck = asked.kind === 'check';
    if (!(await (isCheck ? retractSubquery(transaction, taken) : retractSetQuery(transaction, taken)))) return;
    node.log.info('query.retracted', { query: loggable.queryId(queryId) });
    work.afterwards(() => (isCheck ? questions.stop(queryId) : sets.stop(queryId)));
  }
}
