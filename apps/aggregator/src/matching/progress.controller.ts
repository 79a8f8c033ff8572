// progress: how far a holder is with its part of a set query. What the requester is told of it is of all holders together.
import { progress, Refusal, setStage, type BodyOf, type Opened } from '@anonymesh/protocol';
import { NODE, type StoreNode, type Work } from '@anonymesh/courier';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { isHolderOf } from '../collecting/holder-of.js';
import { findQuery } from '../store/queries.js';
import { findSetHolder, updateSet, updateSetHolder } from '../store/sets.js';

@Controller()
export class ProgressController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(progress.name)
  async take(
    @Payload() { queryId, from, body }: Opened<BodyOf<typeof progress>>,
    @Ctx() { transaction }: Work,
  ): Promise<void> {
    if (queryId === undefined || body.set === undefined) throw new Refusal('malformed');
    const query = await findQuery(transaction, queryId);
    // Nothing hangs on it: of a query that is not known yet, or not any more, it is dropped.
    if (query?.state !== 'open') return;
    if (!isHolderOf(this.#node.trust.agreements.get(query.agreement), from)) throw new Refusal('key-not-pinned');
    const row = await findSetHolder(transaction, queryId, from.id);
    if (row === undefined || !isFurther(row, body.set)) return;
    await updateSetHolder(transaction, row, body.set);
    await updateSet(transaction, queryId, { advanced: true });
  }
}

type Place = NonNullable<BodyOf<typeof progress>['set']>;

/** Letters may come out of order. */
function isFurther(before: Place, now: Place): boolean {
  const stages = setStage.options;
  const step = stages.indexOf(now.stage) - stages.indexOf(before.stage);
  return step > 0 || (step === 0 && now.percent > before.percent);
}
