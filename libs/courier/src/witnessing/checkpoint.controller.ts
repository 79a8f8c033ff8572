// checkpoint: another party's log as it stands, for us to countersign. Every app that takes letters has this way in.
import { checkpoint, type BodyOf, type Opened } from '@anonymesh/protocol';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { NODE, type StoreNode } from '../node.js';
import type { Work } from '../work.js';
import { takeCheckpoint } from './take-checkpoint.js';

@Controller()
export class CheckpointController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(checkpoint.name)
  async take(@Payload() letter: Opened<BodyOf<typeof checkpoint>>, @Ctx() work: Work): Promise<void> {
    await takeCheckpoint(this.#node, letter, work);
  }
}
