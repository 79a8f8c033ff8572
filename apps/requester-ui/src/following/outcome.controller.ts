// outcome: relayed by the coordinator, which cannot read it; verified here as the aggregator's. The first one ends the
// query, and nothing that comes later changes it.
import { Refusal, relayOutcome, type BodyOf, type Opened } from '@anonymesh/protocol';
import { NODE, querySeconds, NotYet, TOGETHER, type StoreNode, type Work } from '@anonymesh/courier';
import { lettersOf } from '@anonymesh/protocol-outcome';
import type { SignedAgreement } from '@anonymesh/trust';
import { loggable } from '@anonymesh/runtime';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { countLetters, dropLetters } from '../store/match-letters.js';
import { isOpen, saveOutcome, type Ending, type Query } from '../store/queries.js';
import { CHANGES, type Changes } from './changes.js';
import { verifyOutcome } from './verify-outcome.js';
import { queryOf } from './whose.js';

@Controller()
export class OutcomeController {
  readonly #node: StoreNode;
  readonly #changes: Changes;

  constructor(@Inject(NODE) node: StoreNode, @Inject(CHANGES) changes: Changes) {
    this.#node = node;
    this.#changes = changes;
  }

  @MessagePattern(relayOutcome.name, TOGETHER)
  async take(@Payload() letter: Opened<BodyOf<typeof relayOutcome>>, @Ctx() work: Work): Promise<void> {
    const { query, signed } = await queryOf(letter, this.#node, work);
    const now = Date.now();
    const ending = verifyOutcome(letter.body.sealed, query, signed, this.#node.courier.self, now);
    if (typeof ending === 'string') throw new Refusal(ending);
    if (!isOpen(query, now)) return;
    await this.#awaitMatches(query, signed, ending, work);
    if (!(await saveOutcome(work.transaction, query.id, ending, now))) return;
    work.enter({ did: 'decided', what: 'outcome', query: query.id, words: ending.outcome_signed ?? '' });
    work.afterwards(() => {
      this.#changes.publish(query.id);
      querySeconds(this.#node.metrics)({ kind: query.kind }, (now - query.asked_at) / 1000);
      this.#node.log.info('query.decided', { query: loggable.queryId(query.id), milliseconds: now - query.asked_at });
    });
  }

  /** A release is told once all of it is here; without a release, nothing of it is kept. */
  async #awaitMatches(query: Query, { content }: SignedAgreement, ending: Ending, work: Work): Promise<void> {
    if (content.kind !== 'set') return;
    if (ending.outcome !== 'released') await dropLetters(work.transaction, [query.id]);
    else if ((await countLetters(work.transaction, query.id)) < lettersOf(content).letters) throw new NotYet();
  }
}
