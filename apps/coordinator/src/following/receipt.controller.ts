// receipt: passes on, to the requester alone, what parties testify to the auditor. There is one of each, in one size:
// nothing is learnt from them.
import { relayReceipt, type BodyOf, type OpenedChunk } from '@anonymesh/protocol';
import { NODE, TOGETHER, type StoreNode, type Work } from '@anonymesh/courier';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { queryOf } from './whose.js';

@Controller()
export class ReceiptController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(relayReceipt.name, TOGETHER)
  async relay(@Payload() letter: OpenedChunk<BodyOf<typeof relayReceipt>>, @Ctx() work: Work): Promise<void> {
    const query = await queryOf(letter, this.#node, work);
    const { body, attachment, chunk } = letter;
    work.post(relayReceipt, { to: query.requester, queryId: query.id, body, attachment, chunk });
  }
}
