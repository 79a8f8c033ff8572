// retract: passes on to every holder and to the aggregator that a requester takes its query back, as it was signed. How
// the query ends, the aggregator says: where the two cross, what it had decided before stands.
import { limitsOf, Refusal, retract, soleParty, type BodyOf, type Opened } from '@anonymesh/protocol';
import { NODE, type StoreNode, type Work } from '@anonymesh/courier';
import { loggable } from '@anonymesh/runtime';
import { examineRetraction, type ExaminedRetraction } from '@anonymesh/trust';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { findQuery, insertQuery, markRetracting } from '../store/queries.js';
import { mayAsk } from './admit.js';
import { countAsked } from './count-asked.js';
import { queryOf } from './query-of.js';

@Controller()
export class RetractController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(retract.name)
  async take(@Payload() letter: Opened<BodyOf<typeof retract>>, @Ctx() work: Work): Promise<void> {
    const examined = examineRetraction(letter, this.#node.trust, Date.now());
    if (typeof examined === 'string') throw new Refusal(examined);
    const { queryId, signed } = examined;
    const isEarly = await this.#takeEarly(examined, letter.body.manifest, work);
    if (!isEarly && !(await markRetracting(work.transaction, queryId))) return;
    const { body } = letter;
    // No holder has heard of a query that was never split.
    if (!isEarly) for (const { id } of signed.content.holders) work.post(retract, { to: id, queryId, body });
    work.post(retract, { to: soleParty(signed.content, 'aggregator'), queryId, body });
    this.#node.log.info('query.retracted', { query: loggable.queryId(queryId) });
  }

  /**
   * It may overtake its own `ask`, which then finds the query here and is split no more. The lookup id is left free. It
   * counts as asked, and only who may ask may send it: of queries that nobody ever asked there is no end otherwise.
   */
  async #takeEarly({ queryId, asked, signed }: ExaminedRetraction, manifest: string, work: Work): Promise<boolean> {
    const { transaction } = work;
    if ((await findQuery(transaction, queryId)) !== undefined) return false;
    if (!mayAsk(asked.manifest, signed.content)) throw new Refusal('role-not-allowed');
    const early = { ...queryOf(queryId, manifest, asked), lookup_id: null, state: 'retracting' } as const;
    const counters = limitsOf(signed.content, early.requester);
    const use = { id: early.id, at: Date.now(), keptUntil: early.kept_until, counters };
    const counted = await countAsked(transaction, use);
    if (typeof counted === 'object') throw new Refusal(counted.over.code);
    return (await insertQuery(transaction, early)) === 'new';
  }
}
