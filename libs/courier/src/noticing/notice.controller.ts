// notice: what another party knows of an agreement of ours. Every app has this way in.
import { notice, type BodyOf, type Opened } from '@anonymesh/protocol';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { NODE, type StoreNode } from '../node.js';
import type { Work } from '../work.js';
import { takeNotice, type Told } from './take-notice.js';

@Controller()
export class NoticeController {
  readonly #node: StoreNode;
  readonly #told: Told = new Map();

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(notice.name)
  async take(@Payload() letter: Opened<BodyOf<typeof notice>>, @Ctx() work: Work): Promise<void> {
    await takeNotice(this.#node, this.#told, letter, work);
  }
}
