// DELETE /api/v1/queries/:id: the caseworker who asked takes a query back. It ends as `retracted`, unless it was decided
// before the mesh heard of it.
import { queryId, retract, signRetraction, soleParty } from '@anonymesh/protocol';
import { NODE, type StoreNode } from '@anonymesh/courier';
import { loggable } from '@anonymesh/runtime';
import { Problem, type Bearer, type BearingRequest } from '@anonymesh/web';
import { Controller, Delete, HttpCode, Inject, Param, Req } from '@nestjs/common';
import { BEARER } from '../bearer.js';
import { CHANGES, type Changes } from '../following/changes.js';
import { hasEnded, viewOf, type QueryView } from '../following/view.js';
import { findQueryOf, saveRetracting, type Query } from '../store/queries.js';
import { alreadyDecided, refusedWith } from './problems.js';

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
    const query = await this.#find(subject, id);
    const isNew = await this.#takeBack(query);
    const now = await this.#find(subject, id);
    const view = viewOf(now, Date.now());
    if (!isNew && hasEnded(view) && view.outcome !== 'retracted') throw alreadyDecided();
    return view;
  }

  async #takeBack({ id, manifest, agreement }: Query): Promise<boolean> {
    const { courier, trust, log } = this.#node;
    const signed = trust.agreements.get(agreement);
    if (signed === undefined) throw refusedWith('unknown-agreement');
    const { id: requester, keyring } = courier.self;
    return courier.transact(async (work) => {
      const now = Date.now();
      if (!(await saveRetracting(work.transaction, id, now))) return false;
      const content = { type: 'anonymesh/retraction/v1', queryId: id, requester, issuedAt: now } as const;
      const body = { manifest, retraction: signRetraction(content, keyring.signing) };
      work.post(retract, { to: soleParty(signed.content, 'coordinator'), queryId: id, body });
      work.afterwards(() => {
        this.#changes.publish(id);
        log.info('query.retracted', { query: loggable.queryId(id) });
      });
      return true;
    });
  }

  async #find(asker: string, id: string): Promise<Query> {
    const isId = queryId.safeParse(id).success;
    const query = isId ? await findQueryOf(this.#node.courier.store.knex, asker, id) : undefined;
    if (query === undefined) throw Problem.of('not-found');
    return query;
  }
}
