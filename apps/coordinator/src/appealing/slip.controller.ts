// slip: gives the portal what lies under a lookup id: the signed manifest and a slip that is sealed twice. Who has the
// lookup id had the reference; we have neither, and cannot open what we hand out.
import { Refusal, slip, type BodyOf, type Opened, type ReplyOf } from '@anonymesh/protocol';
import { NODE, type StoreNode, type Work } from '@anonymesh/courier';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { findByLookupId } from '../store/queries.js';

@Controller()
export class SlipController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(slip.name)
  async find(@Payload() letter: Opened<BodyOf<typeof slip>>, @Ctx() work: Work): Promise<ReplyOf<typeof slip>> {
    const query = await findByLookupId(work.transaction, letter.body.lookupId);
    const agreement = query === undefined ? undefined : this.#node.trust.agreements.get(query.agreement);
    // A set query lies under no lookup id.
    if (query === undefined || query.slip === null || agreement?.isParty(letter.from) !== true)
      throw new Refusal('not-found');
    return { manifest: query.manifest, slip: query.slip };
  }
}
