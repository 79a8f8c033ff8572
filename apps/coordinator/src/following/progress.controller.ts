// progress: tells the requester how many holders have answered, never who.
import { progress, type BodyOf, type Opened } from '@anonymesh/protocol';
import { NODE, type StoreNode, type Work } from '@anonymesh/courier';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { queryOf } from './whose.js';

@Controller()
export class ProgressController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(progress.name)
  async relay(@Payload() letter: Opened<BodyOf<typeof progress>>, @Ctx() work: Work): Promise<void> {
    const query = await queryOf(letter, this.#node, work);
    if (query.state !== 'open') return;
    work.post(progress, { to: query.requester, queryId: query.id, body: letter.body });
  }
}
