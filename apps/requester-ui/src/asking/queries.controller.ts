// POST /api/v1/queries: a caseworker asks about a person. The answer holds the reference for the applicant, who needs
// it to appeal, and the query's id.
import { mintReference, seedOf } from '@anonymesh/protocol-asking';
import { NODE, type StoreNode } from '@anonymesh/courier';
import { readInput, type Bearer, type BearingRequest } from '@anonymesh/web';
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { BEARER } from '../bearer.js';
import { ASKING, type Asking } from './asking.js';
import { chooseAgreement } from './choose-agreement.js';
import { compose } from './compose.js';
import { invalidSubject, refusedWith, roleNotAllowed, unknownAgreement } from './problems.js';
import { question, type Receipt } from './question.js';
import { readSubject } from './read-subject.js';

@Controller('api/v1/queries')
export class QueriesController {
  readonly #node: StoreNode;
  readonly #bearer: Bearer;
  readonly #asking: Asking;

  constructor(@Inject(NODE) node: StoreNode, @Inject(BEARER) bearer: Bearer, @Inject(ASKING) asking: Asking) {
    this.#node = node;
    this.#bearer = bearer;
    this.#asking = asking;
  }

  @Post()
  @HttpCode(202)
  async ask(@Req() request: BearingRequest, @Body() body: unknown): Promise<Receipt> {
    const user = await this.#bearer.authenticate(request);
    const { agreement, subject } = readInput(question, body);
    const { trust, courier } = this.#node;
    const { id, keyring, directory } = courier.self;
    const asker = { requester: id, roles: user.roles };
    const chosen = chooseAgreement(trust.agreements.values(), agreement, asker, Date.now());
    if (chosen === 'unknown-agreement') throw unknownAgreement();
    if (chosen === 'role-not-allowed') throw roleNotAllowed();
    const read = readSubject(chosen.signed.content, subject);
    if ('errors' in read) throw invalidSubject(read.errors);
    const reference = mintReference();
    const seed = await seedOf(reference);
    const asked = { ...chosen, fields: read.fields, reference, seed, t: 0, asker: user.subject };
    const query = compose(asked, { id, signing: keyring.signing, directory }, Date.now());
    if (typeof query === 'string') throw refusedWith(query);
    const result = await this.#asking.ask(query);
    if ('refused' in result) throw refusedWith(result.refused);
    return { queryId: query.id, reference, state: result.state };
  }
}
