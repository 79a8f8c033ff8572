// release: what people at a holder approved of its records that matched, sealed for the requester; kept until all
// holders' are here.
import { Refusal, type BodyOf, type OpenedChunk } from '@anonymesh/protocol';
import { NODE, type StoreNode, type Work } from '@anonymesh/courier';
import { release } from '@anonymesh/protocol-answering';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { settle } from '../collecting/settle.js';
import { updateSet, updateSetHolder } from '../store/sets.js';
import { releaseBytes, releasedBytes } from './lists.js';
import { agreementOf, openSet } from './open-set.js';

@Controller()
export class ReleaseController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(release.name)
  async take(@Payload() letter: OpenedChunk<BodyOf<typeof release>>, @Ctx() work: Work): Promise<void> {
    const agreement = agreementOf(this.#node, letter);
    const { attachment, body } = letter;
    if (agreement.release !== 'on-approval' || attachment.length !== releaseBytes(agreement))
      throw new Refusal('malformed');
    const { id, query, set, sender } = await openSet(this.#node, work, letter);
    if (set.stage !== 'approving') throw new Refusal('deadline-passed');
    if (sender.release !== null) throw new Refusal('replayed');
    // Nobody can approve more than was found.
    if (body.records > sender.matched) throw new Refusal('malformed');
    await updateSetHolder(work.transaction, sender, {
      release: JSON.stringify(body.sealing),
      released: attachment.subarray(0, body.records * releasedBytes(agreement)),
      stage: 'approving',
      percent: 100,
    });
    await updateSet(work.transaction, id, { advanced: true });
    work.atEnd(id, () => settle(this.#node, work, query));
  }
}
