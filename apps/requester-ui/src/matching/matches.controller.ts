// matches: some of what a set query released, relayed by the coordinator, which cannot read it; verified here as the
// aggregator's, and kept as its holders sealed it until somebody reads it.
import { Refusal, relayMatches, type BodyOf, type Opened } from '@anonymesh/protocol';
import { NODE, type StoreNode, type Work } from '@anonymesh/courier';
import { lettersOf, matches } from '@anonymesh/protocol-outcome';
import { isOfKind } from '@anonymesh/trust';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { openRelayed } from '../following/open-relayed.js';
import { queryOf } from '../following/whose.js';
import { insertLetter } from '../store/match-letters.js';

@Controller()
export class MatchesController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(relayMatches.name)
  async take(@Payload() relayed: Opened<BodyOf<typeof relayMatches>>, @Ctx() work: Work): Promise<void> {
    const { query, signed } = await queryOf(relayed, this.#node, work);
    if (!isOfKind(signed, 'set')) throw new Refusal('query-differs');
    const opened = openRelayed(relayed.body.sealed, matches, query, signed, this.#node.courier.self, Date.now());
    if (typeof opened === 'string') throw new Refusal(opened);
    const { letter, letters, sealing, slots } = opened.body;
    if (letters !== lettersOf(signed.content).letters || letter >= letters) throw new Refusal('query-differs');
    // The records of a query that ended without a release are nobody's: there are none, and none are kept.
    if (query.state === 'decided' || query.state === 'refused') throw new Refusal('deadline-passed');
    const row = { letter, letters, sealing: JSON.stringify(sealing), slots };
    if (!(await insertLetter(work.transaction, { ...row, query_id: query.id, kept_until: query.kept_until })))
      throw new Refusal('replayed');
  }
}
