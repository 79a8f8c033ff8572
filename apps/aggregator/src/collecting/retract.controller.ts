// retract: the requester takes its query back. This is where it is settled which came first: what has been decided stands;
// else all that holders have sent is dropped, and the outcome is `retracted`.
import { Refusal, retract, type BodyOf, type Opened } from '@anonymesh/protocol';
import { NODE, type StoreNode, type Work } from '@anonymesh/courier';
import { examineRetraction, type ExaminedRetraction } from '@anonymesh/trust';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { releaseOutcome } from '../releasing/release-outcome.js';
import { insertQuery, lockQuery, type Query } from '../store/queries.js';
import { findSet, saveEnding } from '../store/sets.js';
import { dropWords } from '../store/words.js';
import { expected } from './expected.js';

const retracted = { outcome: 'retracted', answered: 0, code: 'retracted' } as const;

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
    const query = await known(examined, work);
    if (query?.state !== 'open') return;
    const set = query.kind === 'set' ? await findSet(work.transaction, query.id) : undefined;
    if (set?.stage === 'ending') return; // it is decided, and is leaving
    if (set !== undefined) return void (await saveEnding(work.transaction, query.id, retracted));
    await dropWords(work.transaction, query.id);
    await releaseOutcome(this.#node, work, query, examined.signed, retracted);
  }
}

/** The query, locked. One that we were not told of is written down, so that it is not begun when we are. */
async function known({ queryId, asked }: ExaminedRetraction, { transaction }: Work): Promise<Query | undefined> {
  const query = await lockQuery(transaction, queryId);
  if (query === undefined) await insertQuery(transaction, expected(queryId, asked, Date.now()));
  return query ?? lockQuery(transaction, queryId);
}
