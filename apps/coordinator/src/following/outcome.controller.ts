// outcome: passes on, to the requester alone, what the aggregator sealed to it. That it is decided is all we learn.
import { relayOutcome, type BodyOf, type Opened } from '@anonymesh/protocol';
import { NODE, TOGETHER, type StoreNode, type Work } from '@anonymesh/courier';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { markDecided } from '../store/queries.js';
import { queryOf } from './whose.js';

@Controller()
export class OutcomeController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(relayOutcome.name, TOGETHER)
  async relay(@Payload() letter: Opened<BodyOf<typeof relayOutcome>>, @Ctx() work: Work): Promise<void> {
    const query = await queryOf(letter, this.#node, work);
    if (!(await markDecided(work.transaction, query.id))) return;
    work.post(relayOutcome, { to: query.requester, queryId: query.id, body: letter.body });
  }
}
