// POST /api/v1/queries: a caseworker asks, about a person or for what holders' sets have in common. The answer holds the
// query's id and, for the applicant who needs it to appeal, the reference.
import { NODE, type StoreNode } from '@anonymesh/courier';
import { readInput, type Bearer, type BearingRequest } from '@anonymesh/web';
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { BEARER } from '../bearer.js';
import { ASKING, type Asking } from './asking.js';
import { openQuestion, type AskQuestion } from './ask-question.js';
import { askedTooOften, invalidSubject, refusedWith, roleNotAllowed, unknownAgreement } from './problems.js';
import { question, type Receipt } from './question.js';

@Controller('api/v1/queries')
export class QueriesController {
  readonly #bearer: Bearer;
  readonly #ask: AskQuestion;

  constructor(@Inject(NODE) node: StoreNode, @Inject(BEARER) bearer: Bearer, @Inject(ASKING) asking: Asking) {
    this.#bearer = bearer;
    this.#ask = openQuestion(node, asking);
  }

  @Post()
  @HttpCode(202)
  async ask(@Req() request: BearingRequest, @Body() body: unknown): Promise<Receipt> {
    const user = await this.#bearer.authenticate(request);
    const answered = await this.#ask(user, readInput(question, body));
    if ('turnedDown' in answered)
      throw answered.turnedDown === 'unknown-agreement' ? unknownAgreement() : roleNotAllowed();
    if ('errors' in answered) throw invalidSubject(answered.errors);
    if ('retryAfter' in answered) throw askedTooOften(answered.retryAfter);
    if ('refused' in answered) throw refusedWith(answered.refused);
    const { query, state } = answered;
    return { queryId: query.id, ...(query.reference === null ? {} : { reference: query.reference }), state };
  }
}
