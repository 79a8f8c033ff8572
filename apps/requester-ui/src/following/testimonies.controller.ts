// receipt: what every holder and the aggregator testify about a query that is over, relayed by the coordinator. It is for
// the agreement's auditor: we keep it with the query and cannot read it. The first one stands.
import { looksLikeTestimony, Refusal, relayReceipt, sha256Of, witnessesOf } from '@anonymesh/protocol';
import type { BodyOf, OpenedChunk } from '@anonymesh/protocol';
import { NODE, NotYet, type StoreNode, type Work } from '@anonymesh/courier';
import { receipt } from '@anonymesh/protocol-outcome';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { openStates } from '../store/queries.js';
import { insertReceipt } from '../store/receipts.js';
import { openRelayed } from './open-relayed.js';
import { queryOf } from './whose.js';

@Controller()
export class TestimoniesController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(relayReceipt.name)
  async take(@Payload() relayed: OpenedChunk<BodyOf<typeof relayReceipt>>, @Ctx() work: Work): Promise<void> {
    const { query, signed } = await queryOf(relayed, this.#node, work);
    const opened = openRelayed(relayed.body.sealed, receipt, query, signed, this.#node.courier.self, Date.now());
    if (typeof opened === 'string') throw new Refusal(opened);
    const { content } = signed;
    const sealed = relayed.attachment.toString('latin1');
    const all = sealed.split('\n');
    const witnesses = witnessesOf(content);
    const isWhole =
      content.auditor !== undefined &&
      all.map(sha256Of).join() === opened.body.testimonies.join() &&
      all.length === witnesses.length &&
      witnesses.every((party, index) => looksLikeTestimony(all[index] ?? '', query.id, content, party));
    if (!isWhole) throw new Refusal('parts-not-matching');
    // It overtook the outcome.
    if (openStates.includes(query.state)) throw new NotYet();
    const row = { query_id: query.id, signed: opened.jws, sealed };
    if (!(await insertReceipt(work.transaction, row))) throw new Refusal('replayed');
  }
}
