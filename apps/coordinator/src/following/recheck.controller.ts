// recheck: passes a subject's wish, sealed by the portal to the requester, on to the requester of that query.
import { Refusal, relayRecheck, type BodyOf, type Opened } from '@anonymesh/protocol';
import { NODE, type StoreNode, type Work } from '@anonymesh/courier';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { queryOf } from './whose.js';

@Controller()
export class RecheckController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(relayRecheck.name)
  async relay(@Payload() letter: Opened<BodyOf<typeof relayRecheck>>, @Ctx() work: Work): Promise<void> {
    const query = await queryOf(letter, this.#node, work);
    if (query.requester !== letter.body.requester) throw new Refusal('query-differs');
    work.post(relayRecheck, { to: query.requester, queryId: query.id, body: letter.body });
  }
}
