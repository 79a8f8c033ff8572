// POST /api/v1/queries: a caseworker asks, about a person or for what holders' sets have in common. The answer holds the
// query's id and, for the applicant who needs it to appeal, the reference.
import { mintReference, seedOf } from '@anonymesh/protocol-asking';
import { NODE, type StoreNode } from '@anonymesh/courier';
import { isOfKind } from '@anonymesh/trust';
import { readInput, type Bearer, type BearingRequest } from '@anonymesh/web';
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { BEARER } from '../bearer.js';
import { ASKING, type Asking } from './asking.js';
import { chooseAgreement, type Chosen } from './choose-agreement.js';
import { compose } from './compose.js';
import { composeSet } from './compose-set.js';
import { invalidSubject, refusedWith, roleNotAllowed, unknownAgreement } from './problems.js';
import { question, type Receipt } from './question.js';
import type { Asker } from './new-query.js';
import { readSubject } from './read-subject.js';
import type { Requester } from './seal-parts.js';

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
    const asked = { ...chosen, fields: read.fields, asker: user.subject };
    const query = await composeFor(asked, { id, signing: keyring.signing, directory });
    if (typeof query === 'string') throw refusedWith(query);
    const result = await this.#asking.ask(query);
    if ('refused' in result) throw refusedWith(result.refused);
    const { reference } = query;
    return { queryId: query.id, ...(reference === null ? {} : { reference }), state: result.state };
  }
}

async function composeFor(asked: Chosen & Pick<Asker, 'fields' | 'asker'>, requester: Requester) {
  const { signed } = asked;
  if (isOfKind(signed, 'set')) return composeSet({ ...asked, signed }, requester, Date.now());
  if (!isOfKind(signed, 'check')) throw new TypeError('an agreement of no kind');
  const reference = mintReference();
  return compose({ ...asked, signed, reference, seed: await seedOf(reference), t: 0 }, requester, Date.now());
}
