// DELETE /api/v1/queries/:id: the caseworker who asked takes a query back. It ends as `retracted`, unless it was decided
// before the mesh heard of it.
import { NODE, type StoreNode } from '@anonymesh/courier';
import type { Bearer, BearingRequest } from '@anonymesh/web';
import { Controller, Delete, HttpCode, Inject, Param, Req } from '@nestjs/common';
import { BEARER } from '../bearer.js';
import { CHANGES, type Changes } from '../following/changes.js';
import { ownQuery } from '../following/own-query.js';
import { hasEnded, viewOf, type QueryView } from '../following/view.js';
import { alreadyDecided } from './problems.js';
import { takeBack } from './take-back.js';

@Controller('api/v1/queries')
export class RetractionsController {
  readonly #node: StoreNode;
  readonly #bearer: Bearer;
  readonly #changes: Changes;

  constructor(@Inject(NODE) node: StoreNode, @Inject(BEARER) bearer: Bearer, @Inject(CHANGES) changes: Changes) {
    this.#node = node;
    this.#bearer = bearer;
    this.#changes = changes;
  }

  /** The same again has no further effect. */
  @Delete(':id')
  @HttpCode(202)
  async retract(@Req() request: BearingRequest, @Param('id') id: string): Promise<QueryView> {
    const { subject } = await this.#bearer.authenticate(request);
    const query = await ownQuery(this.#node.courier.store, subject, id);
    const isNew = await takeBack(this.#node, this.#changes, query);
    const now = await ownQuery(this.#node.courier.store, subject, id);
    const view = viewOf(now, Date.now());
    if (!isNew && hasEnded(view) && view.outcome !== 'retracted') throw alreadyDecided();
    return view;
  }
}
