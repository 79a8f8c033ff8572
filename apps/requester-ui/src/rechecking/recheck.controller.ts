// recheck: a subject who has put things right wishes to be checked anew. We ask the same under the same reference, so
// that the subject's portal finds it; nobody else can link the two.
import { Refusal, relayRecheck, type BodyOf, type Opened } from '@anonymesh/protocol';
import { seedOf } from '@anonymesh/protocol-asking';
import { NODE, type StoreNode, type Work } from '@anonymesh/courier';
import { isOfKind } from '@anonymesh/trust';
import { loggable, type Rounds } from '@anonymesh/runtime';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { isValidOn } from '../asking/choose-agreement.js';
import { compose } from '../asking/compose.js';
import { queryOf } from '../following/whose.js';
import { ROUNDS } from '../rounds.js';
import { readFields } from '../store/fields.js';
import { insertQuery, lockChain } from '../store/queries.js';
import { mayAskAgain } from './may-ask-again.js';
import { openWish } from './open-wish.js';

@Controller()
export class RecheckController {
  readonly #node: StoreNode;
  readonly #rounds: Rounds;

  constructor(@Inject(NODE) node: StoreNode, @Inject(ROUNDS) rounds: Rounds) {
    this.#node = node;
    this.#rounds = rounds;
  }

  @MessagePattern(relayRecheck.name)
  async take(@Payload() letter: Opened<BodyOf<typeof relayRecheck>>, @Ctx() work: Work): Promise<void> {
    const { query, signed } = await queryOf(letter, this.#node, work);
    const { self } = this.#node.courier;
    if (letter.body.requester !== self.id) throw new Refusal('not-for-you');
    const now = Date.now();
    const opened = openWish(letter.body.sealed, query.id, signed, self, now);
    if (typeof opened === 'string') throw new Refusal(opened);
    if (!isValidOn(signed.content, now)) throw new Refusal('agreement-not-in-force');
    const { reference, role, asker } = query;
    // Of one that the mesh refused there is nobody to ask about any more.
    if (reference === null || query.state === 'refused' || !isOfKind(signed, 'check')) throw new Refusal('not-found');
    const chain = await lockChain(work.transaction, reference);
    const next = mayAskAgain(chain, query.id, opened.wish, now);
    if (typeof next === 'string') throw new Refusal(next);
    const again = { signed, role, asker, reference, fields: readFields(query.fields), ...next, ...opened };
    const requester = { id: self.id, signing: self.keyring.signing };
    const asked = await compose({ ...again, seed: await seedOf(reference) }, requester, now);
    if (typeof asked === 'string') throw new Refusal(asked);
    await insertQuery(work.transaction, asked);
    work.enter({ did: 'decided', what: 'ask', query: asked.id, words: asked.manifest });
    work.afterwards(() => {
      this.#rounds.wake();
      this.#node.log.info('recheck.asked', { query: loggable.queryId(asked.id) });
    });
  }
}
