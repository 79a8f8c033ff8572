// outcome: relayed by the coordinator, which cannot read it; verified here as the aggregator's. The first one ends the
// query, and nothing that comes later changes it.
import { Refusal, relayOutcome, type BodyOf, type Opened } from '@anonymesh/protocol';
import { NODE, type StoreNode, type Work } from '@anonymesh/courier';
import { loggable } from '@anonymesh/runtime';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { saveOutcome } from '../store/queries.js';
import { CHANGES, type Changes } from './changes.js';
import { verifyOutcome } from './verify-outcome.js';
import { queryOf } from './whose.js';

@Controller()
export class OutcomeController {
  readonly #node: StoreNode;
  readonly #changes: Changes;

  constructor(@Inject(NODE) node: StoreNode, @Inject(CHANGES) changes: Changes) {
    this.#node = node;
    this.#changes = changes;
  }

  @MessagePattern(relayOutcome.name)
  async take(@Payload() letter: Opened<BodyOf<typeof relayOutcome>>, @Ctx() work: Work): Promise<void> {
    const { query, signed } = await queryOf(letter, this.#node, work);
    const now = Date.now();
    const ending = verifyOutcome(letter.body.sealed, query, signed, this.#node.courier.self, now);
    if (typeof ending === 'string') throw new Refusal(ending);
    if (!(await saveOutcome(work.transaction, query.id, ending, now))) return;
    work.afterwards(() => {
      this.#changes.publish(query.id);
      this.#node.log.info('query.decided', { query: loggable.queryId(query.id), milliseconds: now - query.asked_at });
    });
  }
}
