// expect: a query whose answers will come here. Requester, holders and deadline are those of the signed manifest and of
// the agreement, not the coordinator's word.
import {
  askedUnder,
  expect,
  Refusal,
  untimely,
  verifyManifest,
  type Asked,
  type BodyOf,
  type Opened,
  type QueryId,
} from '@anonymesh/protocol';
import { NODE, TOGETHER, type StoreNode, type Work } from '@anonymesh/courier';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { insertQuery } from '../store/queries.js';
import { insertSet } from '../store/sets.js';
import { expected } from './expected.js';
import { settle } from './settle.js';

@Controller()
export class ExpectController {
  readonly #node: StoreNode;

  constructor(@Inject(NODE) node: StoreNode) {
    this.#node = node;
  }

  @MessagePattern(expect.name, TOGETHER)
  async take(@Payload() letter: Opened<BodyOf<typeof expect>>, @Ctx() work: Work): Promise<void> {
    const { queryId, asked } = this.#examine(letter);
    const query = expected(queryId, asked, Date.now());
    if (!(await insertQuery(work.transaction, query))) throw new Refusal('replayed');
    const holders = asked.agreement.holders.map(({ id }) => id);
    if (asked.kind === 'set') await insertSet(work.transaction, queryId, holders);
    work.atEnd(queryId, () => settle(this.#node, work, query));
  }

  #examine(letter: Opened<BodyOf<typeof expect>>): { queryId: QueryId; asked: Asked } {
    const { directory, agreements } = this.#node.trust;
    const now = Date.now();
    const verified = verifyManifest(letter.body.manifest, (kid) => directory.signer(kid, now));
    if (typeof verified === 'string') throw new Refusal(verified);
    const { manifest, requester, queryId } = verified;
    const signed = agreements.get(manifest.agreement);
    if (queryId !== letter.queryId) throw new Refusal('query-differs');
    if (signed === undefined) throw new Refusal('unknown-agreement');
    if (signed.unsigned.length > 0) throw new Refusal('agreement-not-signed');
    if (!signed.isParty(requester) || !signed.isParty(letter.from)) throw new Refusal('key-not-pinned');
    const late = untimely(manifest, signed.content, now);
    if (late !== undefined) throw new Refusal(late);
    const asked = askedUnder(manifest, signed.content);
    if (asked === undefined) throw new Refusal('query-differs');
    return { queryId, asked };
  }
}
