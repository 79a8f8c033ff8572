// progress: how many holders have answered, never who; of a set query also how far they are.
import { progress, type BodyOf, type Opened } from '@anonymesh/protocol';
import { NODE, type StoreNode, type Work } from '@anonymesh/courier';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { saveProgress } from '../store/queries.js';
import { advanceOf } from './advance.js';
import { CHANGES, type Changes } from './changes.js';
import { queryOf } from './whose.js';

@Controller()
export class ProgressController {
  readonly #node: StoreNode;
  readonly #changes: Changes;

  constructor(@Inject(NODE) node: StoreNode, @Inject(CHANGES) changes: Changes) {
    this.#node = node;
    this.#changes = changes;
  }

  @MessagePattern(progress.name)
  async take(@Payload() letter: Opened<BodyOf<typeof progress>>, @Ctx() work: Work): Promise<void> {
    const { query } = await queryOf(letter, this.#node, work);
    const advance = advanceOf(query, letter.body);
    if (advance !== undefined && (await saveProgress(work.transaction, query.id, advance)))
      work.afterwards(() => this.#changes.publish(query.id));
  }
}
