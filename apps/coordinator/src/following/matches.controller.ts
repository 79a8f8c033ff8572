// matches: passes on, to the requester alone, what a set query released. Their number and size follow from the agreement:
// nothing is learnt from them.
import { relayMatches, type BodyOf, type Opened } from '@anonymesh/protocol';
import { NODE, type StoreNode, type Work } from '@anonymesh/courier';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { queryOf } from './whose.js';

@Controller()
export class MatchesController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(relayMatches.name)
  async relay(@Payload() letter: Opened<BodyOf<typeof relayMatches>>, @Ctx() work: Work): Promise<void> {
    const query = await queryOf(letter, this.#node, work);
    work.post(relayMatches, { to: query.requester, queryId: query.id, body: letter.body });
  }
}
